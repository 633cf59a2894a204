import Foundation
import KubeAPI
import Synchronization
import Testing

@testable import KubeRuntimeCRI

/// The same choices for the same seed.
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var bits = (state ^ (state >> 30)) &* 0xbf58_476d_1ce4_e5b9
        bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
        return bits ^ (bits >> 31)
    }
}

@Suite struct PodLogsTests {
    /// A log in a directory of its own.
    final class TestLog: Sendable {
        let directory = "/tmp/aegis-cri-logs-\(UInt32.random(in: 0..<UInt32.max))"
        var path: String { directory + "/0.log" }
        let isRunning = Mutex(false)

        init() throws { try FileBytes.makeDirectory(directory) }
        deinit { FileBytes.remove(directory) }

        func write(_ lines: [String]) throws {
            if !FileManager.default.fileExists(atPath: path) { try FileBytes.overwrite([], path: path) }
            let handle = try #require(FileHandle(forWritingAtPath: path))
            handle.seekToEndOfFile()
            handle.write(Data(lines.map { $0 + "\n" }.joined().utf8))
            try handle.close()
        }

        func text(_ change: (inout PodLogOptions) -> Void = { _ in }) async throws -> String {
            var options = PodLogOptions()
            change(&options)
            var bytes: [UInt8] = []
            for try await chunk in PodLogs(
                path: path, options: options, isRunning: { self.isRunning.withLock { $0 } })
            {
                bytes += chunk
            }
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    static func line(_ number: Int, _ text: String, tag: String = "F", stream: String = "stdout") -> String {
        let seconds = number < 10 ? "0\(number)" : "\(number)"
        return "2026-01-02T03:04:\(seconds).000000000Z \(stream) \(tag) \(text)"
    }

    @Test func takesOffTheFrame() async throws {
        let log = try TestLog()
        try log.write([
            Self.line(1, "one"), Self.line(2, "tw", tag: "P"), Self.line(2, "o"), Self.line(3, ""),
            Self.line(4, "bad", stream: "stderr"), "torn",
        ])
        #expect(try await log.text() == "one\ntwo\n\nbad\n")
        #expect(try await log.text { $0.stream = .errors } == "bad\n")
        #expect(try await log.text { $0.limitBytes = 5 } == "one\nt")
        #expect(try await log.text { $0.since = Timestamp("2026-01-02T03:04:03Z") } == "\nbad\n")
        #expect(
            try await log.text {
                $0.timestamps = true
                $0.limitBytes = 70
            } == "2026-01-02T03:04:01.000000000Z one\n2026-01-02T03:04:02.000000000Z two\n")
    }

    @Test func takesTheEndOfAllFiles() async throws {
        let log = try TestLog()
        try log.write((1...5).map { Self.line($0, "l\($0)") })
        try LogFiles.rotate(log.path, at: Timestamp(seconds: 1_000), keeping: 5)
        try log.write([Self.line(6, "l6"), Self.line(7, "l", tag: "P"), Self.line(7, "7")])
        #expect(try await log.text { $0.tailLines = 0 } == "")
        #expect(try await log.text { $0.tailLines = 1 } == "l7\n")
        #expect(try await log.text { $0.tailLines = 2 } == "l6\nl7\n")
        #expect(try await log.text { $0.tailLines = 4 } == "l4\nl5\nl6\nl7\n")
        #expect(try await log.text { $0.tailLines = 90 } == (1...7).map { "l\($0)\n" }.joined())
    }

    @Test func keepsOnlySoManyFiles() throws {
        let log = try TestLog()
        for round in 0..<8 {
            try log.write([Self.line(round, "x")])
            try LogFiles.rotate(log.path, at: Timestamp(seconds: Int64(round / 2)), keeping: 3)
        }
        try log.write([Self.line(9, "x")])
        #expect(LogFiles.all(of: log.path).count == 3)
    }

    /// Follows while another writes and puts files aside, and misses nothing.
    @Test(arguments: Array(1...20) as [UInt64]) func followsIntoNewFiles(_ seed: UInt64) async throws {
        let log = try TestLog()
        log.isRunning.withLock { $0 = true }
        try log.write([Self.line(0, "start")])
        let writer = Task {
            var random = Seeded(state: seed)
            for number in 0..<200 {
                try log.write([Self.line(number % 60, "n\(number)")])
                if Int.random(in: 0..<20, using: &random) == 0 {
                    try LogFiles.rotate(log.path, at: Timestamp(seconds: Int64(number)), keeping: 100)
                    try log.write([])
                }
                if Int.random(in: 0..<7, using: &random) == 0 { try await Task.sleep(for: .milliseconds(1)) }
            }
            log.isRunning.withLock { $0 = false }
        }
        let text = try await log.text { $0.follow = true }
        try await writer.value
        #expect(text == "start\n" + (0..<200).map { "n\($0)\n" }.joined(), "seed \(seed)")
    }

    @Test func takesLastWordsFromTheEnd() {
        let lines = (0..<200).map { Self.line($0 % 60, "line \($0)") }.joined(separator: "\n")
        let words = TerminationMessage.fromLog(Array(lines.utf8))
        #expect(words.hasPrefix("line 120\n") && words.hasSuffix("line 199\n"))
        let long = Self.line(1, String(repeating: "x", count: 9_000))
        #expect(TerminationMessage.fromLog(Array(long.utf8)).utf8.count == TerminationMessage.longestFromLog)
    }

    @Test func doesNotLeaveTheVolume() throws {
        let directory = "/tmp/aegis-cri-sub-\(UInt32.random(in: 0..<UInt32.max))"
        try FileBytes.makeDirectory(directory + "/v")
        defer { FileBytes.remove(directory) }
        symlink("/etc", directory + "/v/out")
        symlink("inner", directory + "/v/link")
        func resolve(_ sub: String) throws -> String {
            try SubPath.resolve(
                .init(mount: .init(containerPath: "/x", hostPath: directory + "/v"), subPath: sub)
            ).hostPath
        }
        #expect(try resolve("inner/deep") == directory + "/v/inner/deep")
        #expect(try resolve("link/deep") == directory + "/v/inner/deep")
        #expect(throws: ContainerFailure.self) { try resolve("out") }
        #expect(throws: ContainerFailure.self) { try resolve("out/hosts") }
    }
}
