import ArgumentParser
import Crypto
import Foundation
import Hummingbird
import HummingbirdHTTP2
import HummingbirdTLS
import Logging
import NIOSSL
import X509

/// The yardstick of `scripts/bench`: a server that does no work. It answers every request over TLS
/// (HTTP/2 or 1.1) with the same 1.2 KB of JSON, 201 to POST and 200 to the rest. A GET of a collection
/// gets as many bytes as a list has, one with a query a selective list's: clients spend more on large answers
/// than servers do. What it reaches is the limit of the load generator, the machine and the stack.
@main
struct DoNothingServer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "do-nothing-server")

    @Option(help: "The address to listen on.")
    var bindAddress = "127.0.0.1"

    @Option(help: "The port for HTTPS.")
    var securePort = 17_101

    @Option(help: "The bytes of an answer to a GET of all ConfigMaps.")
    var listBytes = 4_900_000

    @Option(help: "The bytes of an answer to a GET with a query, as a selective list's.")
    var selectionBytes = 490_000

    func run() async throws {
        let answer = ByteBuffer(bytes: Self.answer(of: 1_200))
        let list = ByteBuffer(bytes: Self.answer(of: listBytes))
        let selection = ByteBuffer(bytes: Self.answer(of: selectionBytes))
        let responder = CallbackResponder<BasicRequestContext> { request, _ in
            // Real servers read what they are sent, so this one does too.
            for try await _ in request.body {}
            var body = answer
            if request.method == .get {
                if request.uri.query != nil {
                    body = selection
                } else if request.uri.path.hasSuffix("/configmaps") {
                    body = list
                }
            }
            return Response(
                status: request.method == .post ? .created : .ok,
                headers: [.contentType: "application/json"], body: ResponseBody(byteBuffer: body))
        }
        var logger = Logger(label: "do-nothing-server")
        logger.logLevel = .error
        let application = Application(
            responder: responder, server: try .http2Upgrade(tlsConfiguration: Self.tls()),
            configuration: ApplicationConfiguration(
                address: .hostname(bindAddress, port: securePort)),
            onServerRunning: { _ in
                print("ready")
                fflush(nil)
            }, logger: logger)
        try await application.runService()
    }

    /// A ConfigMap of so many bytes.
    private static func answer(of count: Int) -> [UInt8] {
        let head =
            #"{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"do-nothing","namespace":"bench"},"#
        let filler = count - head.utf8.count - #""data":{"k":""}}"#.utf8.count
        return Array((head + #""data":{"k":""# + String(repeating: "x", count: filler) + #""}}"#).utf8)
    }

    /// A self-signed certificate for this run: load generators do not check it.
    private static func tls() throws -> TLSConfiguration {
        let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let name = try DistinguishedName { CommonName("do-nothing-server") }
        let now = Date()
        let certificate = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: key.publicKey,
            notValidBefore: now - 300, notValidAfter: now + 86_400, issuer: name, subject: name,
            signatureAlgorithm: .ecdsaWithSHA256, extensions: Certificate.Extensions(),
            issuerPrivateKey: key)
        let chain = try NIOSSLCertificate(
            bytes: Array(certificate.serializeAsPEM().pemString.utf8), format: .pem)
        let secret = try NIOSSLPrivateKey(bytes: Array(key.serializeAsPEM().pemString.utf8), format: .pem)
        return .makeServerConfiguration(
            certificateChain: [.certificate(chain)], privateKey: .privateKey(secret))
    }
}
