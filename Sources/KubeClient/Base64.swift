#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The text that base64 stands for; white space between the letters does not count.
func decodeBase64(_ text: String) -> String? {
    let letters = text.filter { !$0.isWhitespace }
    guard let data = Data(base64Encoded: letters) else { return nil }
    return String(decoding: data, as: UTF8.self)
}

func encodeBase64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }

/// A file's text; nil when it cannot be read.
public func readTextFile(_ path: String) -> String? {
    guard let data = try? Data(contentsOf: URL(fileURLWithPath: path)) else { return nil }
    return String(decoding: data, as: UTF8.self)
}
