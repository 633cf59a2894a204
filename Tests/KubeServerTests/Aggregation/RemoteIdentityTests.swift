import KubeAuth
import NIOCore
import NIOHTTP1
import Testing

@testable import KubeServer

@Suite struct RemoteIdentityTests {
    private func headers(_ pairs: [(String, String)]) -> RequestHeaders { .http1(HTTPHeaders(pairs)) }

    /// What is sent to a server behind this one is what this one reads of a proxy before it.
    @Test func whatIsSentIsRead() throws {
        let users = [
            UserInfo(name: "jane", groups: ["a", "b, c"]),
            UserInfo(
                name: "süß", uid: "7", groups: [],
                extra: [
                    "example.com/scopes": ["all", "none"], "50%": ["x"], "with space": ["y"], "é": ["z"],
                ]),
        ]
        for user in users {
            let sent = try FrontProxy.headers(of: user).map { ($0.name, $0.value) }
            let read = try #require(RemoteIdentity.user(headers(sent)))
            #expect(read.name == user.name && read.uid == user.uid && read.extra == user.extra)
            #expect(read.groups == user.groups + [Group.authenticated])
            for (name, _) in sent {
                #expect(FrontProxy.saysWhoAsks(name))
                #expect(name.utf8.allSatisfy { $0 > 32 && $0 < 127 && $0 != UInt8(ascii: ":") }, "\(name)")
            }
        }
    }

    @Test func nobodySlipsInAHeader() {
        for value in ["a\r\nX-Remote-Group: system:masters", "a\u{7F}", "a\nb"] {
            #expect(throws: FrontProxy.Failure.self) {
                try FrontProxy.headers(of: UserInfo(name: value, groups: []))
            }
            #expect(throws: FrontProxy.Failure.self) {
                try FrontProxy.headers(of: UserInfo(name: "a", groups: [value]))
            }
        }
    }

    @Test func namesAreReadAsTheyAreWritten() {
        #expect(RemoteIdentity.user(headers([("X-Remote-Group", "a")])) == nil)
        #expect(RemoteIdentity.user(headers([("X-Remote-User", "")])) == nil)
        let user = RemoteIdentity.user(
            headers([
                ("x-remote-user", "a"), ("X-REMOTE-EXTRA-Some%2FKey", "1"), ("X-Remote-Extra-bad%zz", "2"),
                ("X-Remote-Extra-cut%2", "3"), ("X-Remote-Extra-sign%+1", "4"), ("X-Remote-Group", ""),
            ]))
        #expect(
            user?.extra == ["some/key": ["1"], "bad%zz": ["2"], "cut%2": ["3"], "sign%+1": ["4"]])
        #expect(user?.groups == [Group.authenticated])
    }

    @Test func whatFailsIsTriedSoonAndThenLater() {
        let pace = Recurring.Pace(first: .milliseconds(5), most: .seconds(30), usual: .seconds(60))
        #expect(pace.delay(failures: 0) == .seconds(60))
        #expect((1...4).map { pace.delay(failures: $0) } == [5, 10, 20, 40].map { .milliseconds($0) })
        for failures in [14, 30, 1_000, .max] { #expect(pace.delay(failures: failures) == .seconds(30)) }
    }
}
