import Foundation

enum Base64Text {
    /// nil when it is no base64.
    static func decode(_ text: String) -> [UInt8]? { Data(base64Encoded: text).map { [UInt8]($0) } }
}
