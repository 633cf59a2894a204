/// One line of a container's log as the runtime writes it: `TIME STREAM TAGS TEXT`, where the tag `P` says
/// that the container's line goes on in the next one.
struct LogLine: Equatable {
    var time: ArraySlice<UInt8>
    var isError: Bool
    var isPartial: Bool
    var content: ArraySlice<UInt8>

    /// - Parameter line: without its newline. nil when it is no such line.
    init?(_ line: ArraySlice<UInt8>) {
        let space = UInt8(ascii: " ")
        guard let first = line.firstIndex(of: space) else { return nil }
        let afterTime = line[line.index(after: first)...]
        guard let second = afterTime.firstIndex(of: space) else { return nil }
        let stream = afterTime[..<second]
        if stream.elementsEqual("stdout".utf8) {
            isError = false
        } else if stream.elementsEqual("stderr".utf8) {
            isError = true
        } else {
            return nil
        }
        let afterStream = afterTime[afterTime.index(after: second)...]
        guard let third = afterStream.firstIndex(of: space) else { return nil }
        let tags = afterStream[..<third]
        time = line[..<first]
        isPartial = tags.first == UInt8(ascii: "P")
        content = afterStream[afterStream.index(after: third)...]
    }
}
