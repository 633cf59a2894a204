import Foundation

/// An HTTPS server of a test in Python, with a certificate of its own. Its script is given a port and a
/// folder that holds `cert.pem` and `key.pem`.
final class SecureServer {
    let folder: URL
    let port: Int
    /// The certificate's PEM in base64, as `caBundle` fields have it.
    let certificate: String
    private let process: Background

    /// - Parameters:
    ///   - more: further arguments of the script.
    ///   - names: further names of the server, in its certificate.
    ///   - files: what else the folder holds, by name.
    init(
        _ cluster: Cluster, _ name: String, script: URL, _ more: [String] = [], names: [String] = [],
        files: [String: String] = [:]
    ) throws {
        folder = cluster.directory.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (file, text) in files { try Data(text.utf8).write(to: folder.appendingPathComponent(file)) }
        port = try freePort()
        let made = try run(
            "/usr/bin/env",
            [
                "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
                "/CN=\(name)", "-addext",
                (["subjectAltName=DNS:localhost,IP:127.0.0.1"] + names.map { "DNS:\($0)" })
                    .joined(separator: ","), "-keyout",
                folder.appendingPathComponent("key.pem").path, "-out",
                folder.appendingPathComponent("cert.pem").path,
            ])
        guard made.status == 0 else { throw Failed(description: made.errors) }
        certificate = try Data(contentsOf: folder.appendingPathComponent("cert.pem")).base64EncodedString()
        process = try Background(
            cluster.programs.tools + "/python", [script.path, "\(port)", folder.path] + more, in: folder)
        let port = port
        _ = try poll(name, within: 20) {
            try run("/usr/bin/env", ["curl", "-sk", "https://127.0.0.1:\(port)/"]).status == 0 ? true : nil
        }
    }

    func stop() { process.stop() }

    /// A file that the script wrote.
    func text(_ name: String) throws -> String {
        try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
    }
}
