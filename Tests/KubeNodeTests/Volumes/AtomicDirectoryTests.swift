import Dispatch
import Foundation
import KubeAPI
import Synchronization
import Testing

@testable import KubeNode

@Suite struct AtomicDirectoryTests {
    /// What a reader of one moment sees: it opens `..data` once, as programs do that follow configuration.
    private static func moment(_ path: String) -> [String: String]? {
        let directory = open(path + "/..data", O_RDONLY | O_DIRECTORY)
        guard directory >= 0 else { return nil }
        defer { close(directory) }
        var found: [String: String] = [:]
        for name in ["a", "b", "c", "d"] {
            let file = openat(directory, name, O_RDONLY)
            guard file >= 0 else {
                // Removed behind us, or not among the files.
                continue
            }
            defer { close(file) }
            var bytes = [UInt8](repeating: 0, count: 64)
            let count = read(file, &bytes, 64)
            found[name] = String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
        }
        return found
    }

    @Test func aReaderNeverSeesAMix() throws {
        let seed = UInt64.random(in: .min ... .max)
        let world = try VolumeWorld()
        let path = world.root + "/v"
        let writer = AtomicDirectory(path: path)
        let isOver = Mutex(false)
        let mixed = Mutex<String?>(nil)
        let group = DispatchGroup()
        DispatchQueue.global().async(group: group) {
            while !isOver.withLock({ $0 }) {
                // Each file says which version it is of.
                guard let found = Self.moment(path), Set(found.values).count > 1 else { continue }
                mixed.withLock { $0 = "\(found)" }
            }
        }
        var state = seed
        func draw(_ bound: UInt64) -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 33) % bound
        }
        for version in 0..<300 {
            let names = ["a", "b", "c", "d"].filter { _ in draw(3) > 0 }
            let files = names.map { VolumeFile(path: $0, bytes: Array("\(version)".utf8)) }
            try writer.write(files, group: nil, now: Timestamp(seconds: Int64(version / 10)))
            let shown = HostFiles.names(in: path).filter { !$0.hasPrefix("..") }
            #expect(shown == names, "seed \(seed), version \(version)")
            for name in names {
                #expect(VolumeWorld.text("\(path)/\(name)") == "\(version)", "seed \(seed)")
            }
        }
        isOver.withLock { $0 = true }
        group.wait()
        #expect(mixed.withLock { $0 } == nil, "seed \(seed)")
    }

    @Test func whatIsTheSameIsNotWritten() throws {
        let world = try VolumeWorld()
        let writer = AtomicDirectory(path: world.root + "/v")
        let files = [VolumeFile(path: "x/y", bytes: [1]), VolumeFile(path: "z", bytes: [2])]
        #expect(try writer.write(files, group: nil, now: world.now))
        let first = HostFiles.target(ofLink: world.root + "/v/..data")
        #expect(try !writer.write(files, group: nil, now: world.now.adding(5)))
        #expect(HostFiles.target(ofLink: world.root + "/v/..data") == first)
        #expect(try writer.write([files[0]], group: nil, now: world.now.adding(5)))
        #expect(HostFiles.kind(world.root + "/v/z", followsLinks: false) == nil)
    }
}
