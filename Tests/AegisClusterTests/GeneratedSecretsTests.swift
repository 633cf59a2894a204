import AegisPlatform
import Foundation
import KubeJSON
import Testing

@testable import AegisCluster

@Suite struct GeneratedSecretsTests {
    private func secret(_ name: String, _ template: String, more: String = "") -> String {
        """
        apiVersion: v1
        kind: Secret
        metadata:
          name: \(name)
          namespace: ns
          annotations:
            aegis.dev/generate: '\(template)'
        \(more)
        """
    }

    private func fill(
        _ texts: [String], present: [String: JSON] = [:]
    ) -> (values: [String: String], problems: [ManifestProblem]) {
        let manifests = ManifestReader.read(
            texts.joined(separator: "\n---\n"), file: "s.yaml", format: .yaml
        ).manifests
        var calls = 0
        let secrets = GeneratedSecrets(random: { count in
            calls += 1
            return String(repeating: Character(String(calls % 10)), count: count)
        }) { namespace, name in present[namespace + "/" + name] }
        let filled = secrets.fill(manifests)
        var values: [String: String] = [:]
        for manifest in filled.manifests {
            for (key, value) in manifest.object["data"]?.object ?? [:] {
                let data = value.string.flatMap { Data(base64Encoded: $0) } ?? Data()
                values[manifest.object.name + "." + key] = String(decoding: data, as: UTF8.self)
            }
        }
        return (values, filled.problems)
    }

    @Test func oneSecretIsMadeOfAnotherInAnyOrder() {
        let url = secret("url", "{url: \"db://${secret login user}:${secret login password}@db\"}")
        let login = secret("login", "{user: me, password: \"${random 4}\"}")
        for texts in [[url, login], [login, url]] {
            let filled = fill(texts)
            #expect(filled.problems.isEmpty)
            #expect(filled.values["login.password"] == "1111")
            #expect(filled.values["url.url"] == "db://me:1111@db")
        }
    }

    @Test func whatIsThereStays() {
        let login = secret("login", "{user: me, password: \"${random 4}\"}")
        let url = secret("url", "{url: \"${secret login password}\"}")
        let present: JSON = ["data": ["password": .string(Data("old".utf8).base64EncodedString())]]
        let filled = fill([url, login], present: ["ns/login": present])
        #expect(filled.values == ["login.user": "me", "login.password": "old", "url.url": "old"])
    }

    @Test func aValueThatIsWrittenIsNotGenerated() {
        let login = secret("login", "{a: \"${random 4}\", b: \"${random 3}\"}", more: "stringData: {a: mine}")
        #expect(fill([login]).values == ["login.b": "111"])
    }

    @Test(arguments: [
        "{a: \"${random}\"}", "{a: \"${random 0}\"}", "{a: \"${random x}\"}", "{a: \"${never 1}\"}",
        "{a: \"${random 3\"}", "{a: 5}", "just text", "{a: \"${secret nobody key}\"}",
        "{a: \"${secret s a}\"}", "{a: \"${secret s b}\", b: \"${secret s a}\"}",
    ])
    func aTemplateThatIsWrongIsSaidWithItsLine(_ template: String) {
        let problems = fill([secret("s", template)]).problems
        #expect(!problems.isEmpty)
        for problem in problems {
            #expect(problem.file == "s.yaml" && problem.line == 7, "\(problem)")
        }
    }

    @Test func chanceIsLettersAndDigitsAndNotTheSameTwice() {
        let texts = (0..<200).map { _ in GeneratedSecrets.systemRandom(32) }
        #expect(Set(texts).count == texts.count)
        #expect(
            texts.allSatisfy {
                $0.count == 32 && $0.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
            })
    }
}
