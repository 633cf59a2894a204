import KubeJSON
import Testing

@testable import KubeAuth

@Suite struct ImpersonationTests {
    static let admin = UserInfo(name: "admin", groups: ["ops", Group.authenticated])
    static let listPods = Attributes(
        user: admin, verb: "list", apiGroup: "", resource: "pods", namespace: "n")

    static func text(_ asked: Attributes) -> String {
        let resource = asked.resource + (asked.subresource.isEmpty ? "" : "/" + asked.subresource)
        return "\(asked.verb) \(asked.apiGroup) \(resource) \(asked.namespace)/\(asked.name)"
    }

    @Test func nothingAskedIsNoImpersonation() throws {
        #expect(try Impersonation(headers: [(name: "Accept", value: "x")]) == nil)
        let text =
            #"requested &user.DefaultInfo{Name:"", UID:"", Groups:[]string{"g"},"#
            + " Extra:map[string][]string(nil)} without impersonating a user name"
        #expect(throws: Impersonation.BadRequest(description: text)) {
            try Impersonation(headers: [(name: "Impersonate-Group", value: "g")])
        }
    }

    @Test func aUserWithEverything() throws {
        let asked = try #require(
            try Impersonation(headers: [
                (name: "Impersonate-User", value: "ann"), (name: "Impersonate-Group", value: "devs"),
                (name: "impersonate-uid", value: "7"),
                (name: "Impersonate-Extra-Acme.com%2fScope", value: "a"),
                (name: "Impersonate-Extra-Acme.com%2fScope", value: "b"),
            ]))
        #expect(
            asked.wanted
                == UserInfo(name: "ann", uid: "7", groups: ["devs"], extra: ["acme.com/scope": ["a", "b"]]))
        let modes = asked.modes(for: Self.listPods)
        #expect(modes.map(\.constraint) == ["impersonate:user-info", ""])
        #expect(
            modes[0].questions.map(Self.text) == [
                "impersonate-on:user-info:list  pods n/",
                "impersonate:user-info authentication.k8s.io users /ann",
                "impersonate:user-info authentication.k8s.io uids /7",
                "impersonate:user-info authentication.k8s.io groups /devs",
                "impersonate:user-info authentication.k8s.io userextras/acme.com/scope /a",
                "impersonate:user-info authentication.k8s.io userextras/acme.com/scope /b",
            ])
        #expect(
            modes[1].questions.map(Self.text) == [
                "impersonate  users /ann", "impersonate authentication.k8s.io uids /7",
                "impersonate  groups /devs",
                "impersonate authentication.k8s.io userextras/acme.com/scope /a",
                "impersonate authentication.k8s.io userextras/acme.com/scope /b",
            ])
        #expect(modes[1].identity.groups == ["devs", Group.authenticated])
        #expect(modes.allSatisfy { $0.questions.allSatisfy { $0.user == Self.admin } })
    }

    @Test(arguments: [
        ("system:serviceaccount:shop:web", ["impersonate:serviceaccount", ""]),
        ("system:node:n1", ["impersonate:arbitrary-node", ""]),
        ("system:anonymous", ["impersonate:user-info", ""]),
        ("system:serviceaccount:Not:valid", ["impersonate:user-info", ""]),
    ])
    func modesByUser(name: String, constraints: [String]) throws {
        let asked = try #require(try Impersonation(headers: [(name: "Impersonate-User", value: name)]))
        #expect(asked.modes(for: Self.listPods).map(\.constraint) == constraints)
    }

    @Test func identities() throws {
        func identity(_ headers: [(String, String)], constrained: Bool = false) throws -> [String] {
            let asked = try #require(try Impersonation(headers: headers.map { (name: $0.0, value: $0.1) }))
            let modes = asked.modes(for: Self.listPods)
            return try #require(constrained ? modes.first : modes.last).identity.groups
        }
        let account = "system:serviceaccount:shop:web"
        #expect(
            try identity([("Impersonate-User", account)])
                == ["system:serviceaccounts", "system:serviceaccounts:shop", Group.authenticated])
        #expect(
            try identity([("Impersonate-User", account), ("Impersonate-Group", "g")])
                == ["g", Group.authenticated])
        #expect(try identity([("Impersonate-User", "system:anonymous")]) == [Group.unauthenticated])
        #expect(
            try identity([("Impersonate-User", "x"), ("Impersonate-Group", Group.unauthenticated)])
                == [Group.unauthenticated])
        #expect(
            try identity([("Impersonate-User", "system:node:n1")], constrained: true)
                == [Group.nodes, Group.authenticated])
    }

    @Test func mastersOnlyByTheOriginalVerb() throws {
        let asked = try #require(
            try Impersonation(headers: [
                (name: "Impersonate-User", value: "x"), (name: "Impersonate-Group", value: Group.masters),
            ]))
        let modes = asked.modes(for: Self.listPods)
        #expect(modes[0].refusal == "impersonating the system:masters group is not allowed")
        #expect(modes[1].refusal == nil)
    }

    @Test func anAgentBecomesItsOwnNode() throws {
        let agent = UserInfo(
            name: "system:serviceaccount:kube-system:agent", extra: [ExtraKey.nodeName: ["n1"]])
        var request = Self.listPods
        request.user = agent
        func first(_ node: String) throws -> Impersonation.Mode {
            let asked = try #require(
                try Impersonation(headers: [(name: "Impersonate-User", value: "system:node:" + node)]))
            return try #require(asked.modes(for: request).first)
        }
        #expect(try first("n1").constraint == "impersonate:associated-node")
        #expect(
            try first("n1").questions.map(Self.text) == [
                "impersonate-on:associated-node:list  pods n/",
                "impersonate:associated-node authentication.k8s.io nodes /*",
            ])
        #expect(try first("n2").constraint == "impersonate:arbitrary-node")
    }
}
