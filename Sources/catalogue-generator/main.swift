// Writes the built-in catalogue from documents that stay outside the repository:
//
//   swift run catalogue-generator --openapi swagger.json[.gz] --discovery discovery.json \
//     --go-types k8s.io/api=DIR --go-types k8s.io/apimachinery=DIR … --out Sources/KubeAPI/Catalogue/Generated
//
// The OpenAPI document gives types, list types and patch strategies; the Go types give what is written when
// a field is empty; the recorded discovery documents give the resources that are served.

import Foundation
import KubeJSON

var openAPIPath = ""
var discoveryPath = ""
var outPath = ""
var goModules: [(module: String, path: String)] = []
var arguments = CommandLine.arguments.dropFirst().makeIterator()
while let flag = arguments.next(), let value = arguments.next() {
    switch flag {
    case "--openapi": openAPIPath = value
    case "--discovery": discoveryPath = value
    case "--out": outPath = value
    case "--go-types":
        let parts = value.split(separator: "=", maxSplits: 1).map(String.init)
        if parts.count == 2 { goModules.append((parts[0], parts[1])) }
    default: print("unknown flag \(flag)")
    }
}

func contents(_ path: String) throws -> [UInt8] {
    guard path.hasSuffix(".gz") else { return [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["gzip", "-dc", path]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return [UInt8](data)
}

/// The text as Swift source: string literals of at most `limit` lines each, so that files stay small.
func source(_ name: String, lines: [String]) -> String {
    var text = "// Written by catalogue-generator; do not edit.\n// swift-format-ignore-file\n\n"
    text += "extension CatalogueText {\n    static let \(name): StaticString = #\"\"\"\n"
    for line in lines { text += "        " + line + "\n" }
    text += "        \"\"\"#\n}\n"
    return text
}

let definitions = try JSONParser.parse(try contents(openAPIPath))["definitions"] ?? .null
let recordings = try JSONParser.parse(try contents(discoveryPath)).array ?? []
var go = GoTypes()
for module in goModules { try go.read(module: module.module, at: URL(fileURLWithPath: module.path)) }

var resources = ResourceText(definitions: definitions)
resources.add(recordings: recordings)
var schemas = SchemaText(definitions: definitions, go: go)
for name in resources.schemas { schemas.add(name) }
for name in [
    "DeleteOptions", "Status", "APIGroup", "APIGroupList", "APIResourceList", "APIVersions", "Patch",
    "WatchEvent",
] { schemas.add("io.k8s.apimachinery.pkg.apis.meta.v1." + name) }

var parts: [[String]] = []
var part: [String] = []
for line in schemas.lines {
    if part.count > 1_200, line.hasPrefix("T ") {
        parts.append(part)
        part = []
    }
    part.append(line)
}
parts.append(part)

let out = URL(fileURLWithPath: outPath)
for (number, lines) in parts.enumerated() {
    try source("schemas\(number)", lines: lines).write(
        to: out.appending(path: "CatalogueText+Schemas\(number).swift"), atomically: true, encoding: .utf8)
}
try source("resources", lines: resources.lines).write(
    to: out.appending(path: "CatalogueText+Resources.swift"), atomically: true, encoding: .utf8)
let list = parts.indices.map { "schemas\($0)" }.joined(separator: ", ")
try """
// Written by catalogue-generator; do not edit.

/// The built-in catalogue as text; see ``CatalogueReader`` for the format.
enum CatalogueText {
    static let schemas: [StaticString] = [\(list)]
}

""".write(to: out.appending(path: "CatalogueText.swift"), atomically: true, encoding: .utf8)
print("\(resources.lines.count) resource lines, \(schemas.lines.count) schema lines")
print("not found in the Go types: \(schemas.missing.count)")
for name in schemas.missing { print("  " + name) }
