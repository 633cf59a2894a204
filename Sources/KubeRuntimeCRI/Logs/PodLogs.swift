import KubeAPI

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What of a log is wanted (core/v1 PodLogOptions).
public struct PodLogOptions: Sendable, Equatable {
    /// Goes on until the container ends.
    public var follow = false
    public var tailLines: Int?
    /// Lines from then on.
    public var since: Timestamp?
    /// Puts its time before each line.
    public var timestamps = false
    public var limitBytes: Int?
    /// Only one of them where set.
    public var stream: Stream?

    public enum Stream: Sendable { case output, errors }

    public init() {}
}

public struct PodLogsFailure: Error, Sendable, Equatable, CustomStringConvertible {
    public var description: String
}

/// The log of one container, piece by piece as it is to be sent (pkg/kubelet/kuberuntime/logs). Files that were
/// put aside are read first, as if all were one.
public struct PodLogs: AsyncSequence, Sendable {
    public typealias Element = [UInt8]

    let path: String
    let options: PodLogOptions
    let isRunning: @Sendable () -> Bool

    /// - Parameters:
    ///   - path: of the log's present file.
    ///   - isRunning: whether more may come.
    public init(path: String, options: PodLogOptions, isRunning: @escaping @Sendable () -> Bool) {
        self.path = path
        self.options = options
        self.isRunning = isRunning
    }

    public func makeAsyncIterator() -> Iterator { Iterator(self) }

    public struct Iterator: AsyncIteratorProtocol {
        private let logs: PodLogs
        private let reader: LogReader
        private var formatter: LogFormatter
        private var pause = 10

        init(_ logs: PodLogs) {
            self.logs = logs
            reader = LogReader(logs.path, tail: logs.options.tailLines)
            formatter = LogFormatter(logs.options)
        }

        public mutating func next() async throws -> [UInt8]? {
            while true {
                if formatter.isFull { return nil }
                let wasRunning = logs.options.follow && logs.isRunning()
                if let bytes = try reader.read() {
                    pause = 10
                    let text = formatter.format(bytes)
                    if !text.isEmpty { return text }
                    continue
                }
                // What was written before it ended is read when nothing came after it had ended.
                guard wasRunning else { return nil }
                try Task.checkCancellation()
                try await Task.sleep(for: .milliseconds(pause))
                pause = Swift.min(pause * 2, 100)
            }
        }
    }
}

/// Reads whole lines from a log's files one after the other, and follows the log into its next file.
final class LogReader {
    private let path: String
    private var file: Int32 = -1
    /// Of the file that is read, or was read last.
    private var identity: (device: UInt64, inode: UInt64)?
    private var rest: [UInt8] = []
    /// The file was put aside, and is read to its end once more.
    private var isLeaving = false

    /// - Parameter tail: begins so many lines before the end.
    init(_ path: String, tail: Int?) {
        self.path = path
        if let tail { skip(to: tail) }
    }

    deinit {
        if file >= 0 { close(file) }
    }

    /// Whole lines; nil when there is nothing more now.
    func read() throws -> [UInt8]? {
        while true {
            if file < 0, !openNext() { return nil }
            var buffer = [UInt8](repeating: 0, count: 65_536)
            let count = buffer.withUnsafeMutableBytes { Glibc.read(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            if count > 0 {
                let chunk = buffer[..<count]
                guard let end = chunk.lastIndex(of: UInt8(ascii: "\n")) else {
                    rest += chunk
                    continue
                }
                let lines = rest + chunk[...end]
                rest = Array(chunk[(end + 1)...])
                return lines
            }
            guard next() != nil else { return nil }
            // What was written before it was put aside comes first.
            if !isLeaving {
                isLeaving = true
                continue
            }
            close(file)
            file = -1
            isLeaving = false
            if !rest.isEmpty {
                let last = rest + [UInt8(ascii: "\n")]
                rest = []
                return last
            }
        }
    }

    /// The file after the one that was read last; the oldest at first. Found anew each time, for files are put
    /// aside while others are read.
    private func next() -> String? {
        if let identity, Self.identity(of: path).map({ $0 == identity }) ?? false { return nil }
        var files = LogFiles.all(of: path)
        if let identity,
            let own = files.lastIndex(where: { Self.identity(of: $0).map { $0 == identity } ?? false })
        {
            files.removeFirst(own + 1)
        }
        return files.first { access($0, F_OK) == 0 }
    }

    private func openNext() -> Bool {
        while let name = next() {
            let opened = open(name, O_RDONLY | O_CLOEXEC)
            guard opened >= 0 else { return false }
            var info = stat()
            fstat(opened, &info)
            let found = (device: UInt64(info.st_dev), inode: UInt64(info.st_ino))
            // It may have been put aside between the look and the opening: then another comes before it.
            guard let again = next(), Self.identity(of: again).map({ $0 == found }) ?? false else {
                close(opened)
                continue
            }
            file = opened
            identity = found
            return true
        }
        return false
    }

    private static func identity(of path: String) -> (device: UInt64, inode: UInt64)? {
        var info = stat()
        guard stat(path, &info) == 0 else { return nil }
        return (UInt64(info.st_dev), UInt64(info.st_ino))
    }

    /// Leaves out files and parts of them before the last lines.
    private func skip(to tail: Int) {
        var missing = tail
        for name in LogFiles.all(of: path).reversed() where access(name, F_OK) == 0 {
            let (offset, lines) = Self.offset(name, lastLines: missing)
            missing -= lines
            guard missing <= 0 else { continue }
            file = open(name, O_RDONLY | O_CLOEXEC)
            guard file >= 0 else { return }
            var info = stat()
            fstat(file, &info)
            identity = (UInt64(info.st_dev), UInt64(info.st_ino))
            lseek(file, offset, SEEK_SET)
            return
        }
    }

    /// Where the last lines of a file begin, and how many there are. A line that the container wrote in parts
    /// counts once.
    private static func offset(_ path: String, lastLines wanted: Int) -> (offset: off_t, lines: Int) {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return (0, 0) }
        defer { close(file) }
        let size = lseek(file, 0, SEEK_END)
        if wanted <= 0 { return (size, 0) }
        var tail: [UInt8] = []
        var start = size
        let newline = UInt8(ascii: "\n")
        while start > 0 {
            let length = min(start, 65_536)
            start -= length
            var block = [UInt8](repeating: 0, count: Int(length))
            let count = block.withUnsafeMutableBytes { pread(file, $0.baseAddress, $0.count, start) }
            guard count == Int(length) else { break }
            tail = block + tail
            // The first line of what was read may be cut.
            var lineStarts: [Int] = start == 0 ? [0] : []
            for index in tail.indices.dropLast() where tail[index] == newline { lineStarts.append(index + 1) }
            var found = 0
            for (number, lineStart) in lineStarts.enumerated().reversed() {
                let isContinued: Bool
                if number > 0 {
                    isContinued = LogLine(tail[lineStarts[number - 1]..<(lineStart - 1)])?.isPartial ?? false
                } else {
                    isContinued = false
                    if start > 0 { continue }
                }
                if isContinued { continue }
                found += 1
                if found == wanted { return (start + off_t(lineStart), found) }
            }
            if start == 0 { return (0, tail.isEmpty ? 0 : found) }
        }
        return (0, 0)
    }
}

/// Takes the frame off a log's lines.
struct LogFormatter {
    private let options: PodLogOptions
    private var left: Int?
    private var isMidLine = false
    private var hasBegun: Bool

    init(_ options: PodLogOptions) {
        self.options = options
        left = options.limitBytes
        hasBegun = options.since == nil
    }

    var isFull: Bool { left == 0 }

    mutating func format(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            guard let line = LogLine(line) else { continue }
            if let stream = options.stream, (stream == .errors) != line.isError { continue }
            if !hasBegun {
                guard let since = options.since,
                    let time = Timestamp(String(decoding: line.time, as: UTF8.self)), time >= since
                else { continue }
                hasBegun = true
            }
            if options.timestamps, !isMidLine {
                result += line.time
                result.append(UInt8(ascii: " "))
            }
            result += line.content
            isMidLine = line.isPartial
            if !line.isPartial { result.append(UInt8(ascii: "\n")) }
        }
        if let room = left {
            if result.count > room { result.removeLast(result.count - room) }
            left = room - result.count
        }
        return result
    }
}
