import Foundation
import KubeJSON
import Testing

/// The platform's production environment in real containers.
final class Production {
    static var programsAreThere: Bool {
        guard let programs = Programs.environment else { return false }
        let folder = (programs.aegis as NSString).deletingLastPathComponent
        return ["aegis-api", "aegis-prometheus"].allSatisfy {
            FileManager.default.isExecutableFile(atPath: folder + "/" + $0)
        }
    }

    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
    static let environment = root.appendingPathComponent("platform/environments/production").path

    let cluster: Containers

    init() throws { cluster = try Containers() }

    /// Runs it and waits until everything is ready; the first time images are made.
    func up() throws { try cluster.start(at: [Self.environment], within: 400) }

    /// A second `aegis up`; what it says.
    func again() throws -> String {
        try cluster.aegis(["up", Self.environment, "--timeout", "60"])
    }

    /// A row of the table in platform/README.md.
    struct Row {
        let row: String
        let commands: [String]
    }

    static func rows() throws -> [Row] {
        let text = try String(contentsOf: root.appendingPathComponent("platform/README.md"), encoding: .utf8)
        guard let table = text.range(of: "## Every row of the document") else {
            throw Failed(description: "platform/README.md has no table of rows")
        }
        return text[table.upperBound...].split(separator: "\n").compactMap { line in
            guard line.hasPrefix("| "), line.hasSuffix(" |") else { return nil }
            // A bar inside of a cell is written with a backslash.
            let cells = line.replacing("\\|", with: "\u{0}").split(separator: "|").map {
                $0.trimmingCharacters(in: .whitespaces).replacing("\u{0}", with: "|")
            }
            guard cells.count == 3, cells[0].first?.isNumber == true else { return nil }
            let commands = cells[2].split(separator: "`").map(String.init).filter {
                $0.hasPrefix("k ") || $0.hasPrefix("kubectl ")
            }
            return Row(row: cells[1], commands: commands)
        }
    }

    /// What a line of the table answers in a shell, its errors with it.
    func sh(_ command: String) throws -> String {
        let script = """
            export KUBECONFIG='\(cluster.kubeconfig)'
            kubectl() { '\(cluster.tool("kubectl"))' "$@"; }
            k() { kubectl -n aegis-production "$@"; }
            { \(command)
            } 2>&1
            """
        return try run("/bin/sh", ["-c", script]).output
    }

    // MARK: Prometheus

    struct Target: CustomStringConvertible {
        let job: String
        let health: String
        let error: String
        var description: String { "\(job) \(health) \(error)" }
    }

    private func prometheus(_ path: String) throws -> JSON {
        let text = try cluster.kubectl([
            "get", "--raw",
            "/api/v1/namespaces/aegis-production/services/prometheus:9090/proxy/api/v1/\(path)",
        ])
        return try JSONParser.parse(Array(text.utf8))
    }

    func targets() throws -> [Target] {
        (try prometheus("targets?state=active").at("data", "activeTargets")?.array ?? []).map {
            Target(
                job: $0.at("labels", "job")?.string ?? "", health: $0["health"]?.string ?? "",
                error: $0["lastError"]?.string ?? "")
        }
    }

    /// The first value of an expression; nil when it has none.
    func value(of expression: String) -> String? {
        guard let answer = try? prometheus("query?query=\(expression)") else { return nil }
        return answer.at("data", "result")?.array?.first?["value"]?[1]?.string
    }

    // MARK: The release API

    /// Somebody who may change workloads.
    func client() throws -> ReleaseClient {
        _ = try sh(
            """
            k create serviceaccount deployer
            k create role deployer --verb=get,list,watch,patch --resource=deployments.apps
            k create rolebinding deployer --role=deployer --serviceaccount=aegis-production:deployer
            """)
        let token = try sh("k create token deployer").trimmingCharacters(in: .whitespacesAndNewlines)
        let address = try sh("k get svc aegis-api-service -o jsonpath='{.spec.clusterIP}'")
        return ReleaseClient(address: address, token: token)
    }

    struct ReleaseClient {
        let address: String
        let token: String

        private func call(_ words: [String]) throws -> (status: String, body: JSON) {
            let outcome = try run(
                "/usr/bin/curl",
                [
                    "-sS", "-m", "10", "--noproxy", "*", "-w", "\n%{http_code}", "-H",
                    "Authorization: Bearer \(token)",
                ]
                    + words)
            var lines = outcome.output.split(separator: "\n", omittingEmptySubsequences: false)
            let status = lines.popLast().map(String.init) ?? ""
            let body = (try? JSONParser.parse(Array(lines.joined(separator: "\n").utf8))) ?? .null
            return (status, body)
        }

        /// Begins a release, asking again under one key until it is taken: what was killed a moment ago comes again.
        /// - Returns: its id.
        func release(_ body: String) throws -> String {
            let key = UUID().uuidString
            var last = ""
            return try poll("a release", within: 90) {
                let answer = try call([
                    "-X", "POST", "-H", "Content-Type: application/json", "-H", "Idempotency-Key: \(key)",
                    "-d", body,
                    "http://\(address)/v1/releases",
                ])
                last = "\(answer.status) \(answer.body)"
                guard answer.status.hasPrefix("2") else { return nil }
                return answer.body["id"]?.string ?? answer.body["id"]?.int.map(String.init)
            } or: {
                last
            }
        }

        /// How a release ended.
        func end(of id: String, within seconds: Double) throws -> String {
            var last = ""
            return try poll("the end of a release", within: seconds) {
                let answer = try call(["http://\(address)/v1/releases/\(id)"])
                last = "\(answer.status) \(answer.body)"
                guard answer.status == "200", let state = answer.body["state"]?.string else { return nil }
                return ["succeeded", "rolled-back", "canceled", "superseded", "failed"].contains(state)
                    ? state : nil
            } or: {
                last
            }
        }

        /// The ids of all releases, the newest first.
        func all() throws -> [String] {
            let answer = try call(["http://\(address)/v1/releases?limit=200"])
            return (answer.body["items"]?.array ?? answer.body["releases"]?.array ?? []).compactMap {
                $0["id"]?.string ?? $0["id"]?.int.map(String.init)
            }
        }
    }
}

/// As many requests as the machine has processors for, on connections that stay.
final class Work {
    private let folder = URL(fileURLWithPath: "/tmp/aegis-work-\(UInt32.random(in: 0 ... .max))")
    private var rows: [Background] = []

    init(_ url: String, token: String) throws {
        // One curl asks many times over one connection.
        let list = String(repeating: "url = \"\(url)\"\noutput = /dev/null\n", count: 500)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = folder.appendingPathComponent("list")
        try Data(list.utf8).write(to: file)
        let script =
            "while :; do curl -s -m 60 --noproxy '*' -H 'Authorization: Bearer \(token)' -K '\(file.path)'; done"
        for row in 0..<6 {
            let own = folder.appendingPathComponent("\(row)")
            try FileManager.default.createDirectory(at: own, withIntermediateDirectories: true)
            rows.append(try Background("/bin/sh", ["-c", script], in: own))
        }
    }

    func stop() {
        for row in rows { row.stop(within: 1) }
        rows = []
        try? FileManager.default.removeItem(at: folder)
    }
}
