/// Bearer tokens from a file, one a line: `token,user,uid[,"group1,group2"]` (upstream's --token-auth-file).
public struct StaticTokens: Sendable {
    private let users: [String: UserInfo]

    public struct FormatError: Error, Hashable, Sendable, CustomStringConvertible {
        public let line: Int
        public var description: String {
            "line \(line): a token file needs at least the columns token, user name and user uid"
        }
    }

    public init(_ text: String) throws(FormatError) {
        var users: [String: UserInfo] = [:]
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (number, line) in lines.enumerated() {
            if line.allSatisfy(\.isWhitespace) || line.first == "#" { continue }
            let columns = Self.columns(line)
            guard columns.count >= 3, !columns[1].isEmpty else { throw FormatError(line: number + 1) }
            // A line without a token is skipped: it must not let everybody in.
            if columns[0].isEmpty { continue }
            let groups = columns.count > 3 ? columns[3].split(separator: ",").map(String.init) : []
            users[columns[0]] = UserInfo(name: columns[1], uid: columns[2], groups: groups)
        }
        self.users = users
    }

    public func user(for token: String) -> UserInfo? { users[token] }

    private static func columns(_ line: Substring) -> [String] {
        var columns = [""]
        var isQuoted = false
        for character in line {
            switch character {
            case "\"": isQuoted.toggle()
            case "," where !isQuoted: columns.append("")
            case " " where !isQuoted && columns[columns.count - 1].isEmpty: break
            default: columns[columns.count - 1].append(character)
            }
        }
        return columns
    }
}
