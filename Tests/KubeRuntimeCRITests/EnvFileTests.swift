import KubeJSON
import KubeNode
import Testing

@testable import KubeRuntimeCRI

/// Variables that an earlier container of the pod left in a file.
@Suite struct EnvFileTests {
    private func value(_ name: String, _ text: String) throws -> String? {
        try EnvFile.value(of: name, in: Array(text.utf8))
    }

    @Test(arguments: [
        ("A='1'\n", "1"), ("A='1'", "1"), ("# A='0'\n\n  A='1' # why\n", "1"), ("B='x'\nA='1'\nA='2'\n", "1"),
        ("A='one\ntwo'\nB='3'", "one\ntwo"), ("A='$B \\n \"q\"'\n", "$B \\n \"q\""),
        ("A='1'\r\nB='2'\r\n", "1"),
        ("B='a\nA=1'\nA='2'", "2"),
    ])
    func reads(_ text: String, _ wanted: String) throws {
        #expect(try value("A", text) == wanted)
    }

    @Test(arguments: ["", "B='1'\n", "A= '1'\n", "A=''\n", "AA='1'\n"])
    func findsNone(_ text: String) throws {
        #expect(try value("A", text) == nil)
    }

    @Test(arguments: [
        ("A\n", "invalid environment variable format at line 1: missing '='"),
        ("\nA ='1'\n", "invalid environment variable format at line 2: whitespace before '=' is not allowed"),
        ("='1'\n", "invalid environment variable format at line 1: empty variable name"),
        ("A=1\n", "invalid environment variable format at line 1: value must be enclosed in single quotes"),
        (
            "A='1' 2\n",
            "invalid environment variable format at line 1: unexpected content after closing quote"
        ),
        ("B='1'\nA='1\n2\n", "invalid environment variable format starting at line 2: unclosed single quote"),
    ])
    func refuses(_ text: String, _ words: String) {
        let error = #expect(throws: EnvFile.Malformed.self) { try value("A", text) }
        #expect(error?.description == words)
    }

    private static func container(optional: Bool) -> JSON {
        [
            "name": "main",
            "env": [
                [
                    "name": "X",
                    "valueFrom": [
                        "fileKeyRef": [
                            "volumeName": "v", "path": "d/f.env", "key": "A", "optional": .bool(optional),
                        ]
                    ],
                ],
                ["name": "Y", "value": "y-$(X)"],
            ],
        ]
    }

    private func environment(_ container: JSON, _ text: String?) throws -> ContainerEnvironment {
        try ContainerEnvironment(container, ContainerConfigTests().facts(), objects: TestObjects()) {
            volume, path in
            volume == "v" && path == "d/f.env" ? text.map { Array($0.utf8) } : nil
        }
    }

    @Test func containersTakeThem() throws {
        let filled = try environment(Self.container(optional: false), "A='1'")
        #expect(filled["X"] == "1")
        #expect(filled["Y"] == "y-1")
        for text in [nil, "B='1'"] {
            let empty = try environment(Self.container(optional: true), text)
            #expect(empty["X"] == nil)
            #expect(empty["Y"] == "y-$(X)")
        }
        #expect(
            throws: ContainerFailure(
                .configuration, "environment variable key \"A\" not found in file \"d/f.env\"")
        ) { try environment(Self.container(optional: false), "B='1'") }
        #expect(throws: ContainerFailure.self) { try environment(Self.container(optional: false), nil) }
        #expect(throws: ContainerFailure.self) { try environment(Self.container(optional: true), "A=1") }
    }
}
