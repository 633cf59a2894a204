/// `$(NAME)` in commands, arguments and values (k8s.io/kubernetes/third_party/forked/golang/expansion):
/// what is not known stays as it is written, and `$$` stands for one `$`.
enum VariableExpansion {
    static func expand(_ text: String, _ lookup: (String) -> String?) -> String {
        guard text.utf8.contains(UInt8(ascii: "$")) else { return text }
        var result: [UInt8] = []
        let bytes = Array(text.utf8)
        var index = 0
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "$"), index + 1 < bytes.count else {
                result.append(bytes[index])
                index += 1
                continue
            }
            switch bytes[index + 1] {
            case UInt8(ascii: "$"):
                result.append(UInt8(ascii: "$"))
                index += 2
            case UInt8(ascii: "("):
                guard let end = bytes[(index + 2)...].firstIndex(of: UInt8(ascii: ")")) else {
                    result += [UInt8(ascii: "$"), UInt8(ascii: "(")]
                    index += 2
                    continue
                }
                let name = String(decoding: bytes[(index + 2)..<end], as: UTF8.self)
                if let value = lookup(name) {
                    result += value.utf8
                } else {
                    result += bytes[index...end]
                }
                index = end + 1
            default:
                result += bytes[index...(index + 1)]
                index += 2
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
