/// A class of code points.
struct ScalarSet: Sendable {
    private var ranges: [ClosedRange<UInt32>] = []
    private var unions: [ScalarSet] = []
    private var categories: Set<Unicode.GeneralCategory> = []
    private var isInverted = false
    let foldsCase: Bool
    /// One bit for each code point of ASCII.
    private var low: UInt64 = 0
    private var high: UInt64 = 0

    init(foldsCase: Bool = false) { self.foldsCase = foldsCase }

    static let everything: ScalarSet = {
        var set = ScalarSet()
        set.insert(0...0x10ffff)
        return set
    }()

    static let everythingButNewline: ScalarSet = {
        var set = ScalarSet()
        set.insert(0x0a...0x0a)
        return set.inverted()
    }()

    /// `\d`, `\w`, `\s` and their opposites.
    init?(perl letter: UnicodeScalar) {
        var set = ScalarSet()
        switch letter {
        case "d", "D": set.insert(48...57)
        case "w", "W":
            for range in Self.word { set.insert(range) }
        case "s", "S":
            for range: ClosedRange<UInt32> in [0x09...0x0a, 0x0c...0x0d, 0x20...0x20] { set.insert(range) }
        default: return nil
        }
        self = letter.properties.isUppercase ? set.inverted() : set
    }

    static let word: [ClosedRange<UInt32>] = [48...57, 65...90, 95...95, 97...122]

    /// The names of `[:name:]`.
    init?(posix name: String) {
        let ranges: [ClosedRange<UInt32>]
        switch name {
        case "alnum": ranges = [48...57, 65...90, 97...122]
        case "alpha": ranges = [65...90, 97...122]
        case "ascii": ranges = [0...127]
        case "blank": ranges = [9...9, 32...32]
        case "cntrl": ranges = [0...31, 127...127]
        case "digit": ranges = [48...57]
        case "graph": ranges = [33...126]
        case "lower": ranges = [97...122]
        case "print": ranges = [32...126]
        case "punct": ranges = [33...47, 58...64, 91...96, 123...126]
        case "space": ranges = [9...13, 32...32]
        case "upper": ranges = [65...90]
        case "word": ranges = Self.word
        case "xdigit": ranges = [48...57, 65...70, 97...102]
        default: return nil
        }
        self.init()
        for range in ranges { insert(range) }
    }

    /// General categories of Unicode and the most used scripts.
    init?(unicode name: String) {
        self.init()
        if name == "Any" {
            insert(0...0x10ffff)
        } else if let script = Self.scripts[name] {
            for range in script { insert(range) }
        } else if let found = Self.categories[name] {
            categories = Set(found)
            for value in UInt32(0)...127 {
                if let scalar = UnicodeScalar(value), categories.contains(scalar.properties.generalCategory) {
                    mark(value)
                }
            }
        } else {
            return nil
        }
    }

    private static let categories: [String: [Unicode.GeneralCategory]] = {
        var table: [String: [Unicode.GeneralCategory]] = [
            "Lu": [.uppercaseLetter], "Ll": [.lowercaseLetter], "Lt": [.titlecaseLetter],
            "Lm": [.modifierLetter], "Lo": [.otherLetter], "Mn": [.nonspacingMark], "Mc": [.spacingMark],
            "Me": [.enclosingMark], "Nd": [.decimalNumber], "Nl": [.letterNumber], "No": [.otherNumber],
            "Pc": [.connectorPunctuation], "Pd": [.dashPunctuation], "Ps": [.openPunctuation],
            "Pe": [.closePunctuation], "Pi": [.initialPunctuation], "Pf": [.finalPunctuation],
            "Po": [.otherPunctuation], "Sm": [.mathSymbol], "Sc": [.currencySymbol],
            "Sk": [.modifierSymbol], "So": [.otherSymbol], "Zs": [.spaceSeparator], "Zl": [.lineSeparator],
            "Zp": [.paragraphSeparator], "Cc": [.control], "Cf": [.format], "Cs": [.surrogate],
            "Co": [.privateUse],
        ]
        for letter in ["L", "M", "N", "P", "S", "Z", "C"] {
            table[letter] = table.filter { $0.key.count == 2 && $0.key.hasPrefix(letter) }.flatMap(\.value)
        }
        return table
    }()

    private static let scripts: [String: [ClosedRange<UInt32>]] = [
        "Latin": [
            0x41...0x5a, 0x61...0x7a, 0xaa...0xaa, 0xba...0xba, 0xc0...0xd6, 0xd8...0xf6, 0xf8...0x2b8,
            0x2e0...0x2e4, 0x1d00...0x1d25, 0x1d2c...0x1d5c, 0x1d62...0x1d65, 0x1d6b...0x1d77,
            0x1d79...0x1dbe, 0x1e00...0x1eff, 0x2071...0x2071, 0x207f...0x207f, 0x2090...0x209c,
            0x212a...0x212b, 0x2c60...0x2c7f, 0xa722...0xa787, 0xfb00...0xfb06, 0xff21...0xff3a,
            0xff41...0xff5a,
        ],
        "Greek": [
            0x370...0x373, 0x375...0x377, 0x37a...0x37d, 0x37f...0x37f, 0x384...0x384, 0x386...0x386,
            0x388...0x3e1, 0x3f0...0x3ff, 0x1f00...0x1ffe,
        ],
        "Cyrillic": [0x400...0x484, 0x487...0x52f, 0x1c80...0x1c88, 0x2de0...0x2dff, 0xa640...0xa69f],
        "Hebrew": [0x591...0x5f4, 0xfb1d...0xfb4f],
        "Arabic": [
            0x600...0x604, 0x606...0x60b, 0x60d...0x61a, 0x620...0x63f, 0x641...0x64a, 0x656...0x66f,
            0x671...0x6dc, 0x6de...0x6ff, 0x750...0x77f,
        ],
        "Devanagari": [0x900...0x950, 0x955...0x963, 0x966...0x97f],
        "Thai": [0xe01...0xe3a, 0xe40...0xe5b],
        "Hangul": [0x1100...0x11ff, 0x3131...0x318e, 0xa960...0xa97c, 0xac00...0xd7a3],
        "Hiragana": [0x3041...0x3096, 0x309d...0x309f],
        "Katakana": [0x30a1...0x30fa, 0x30fd...0x30ff, 0x31f0...0x31ff, 0xff66...0xff6f, 0xff71...0xff9d],
        "Han": [
            0x2e80...0x2e99, 0x2e9b...0x2ef3, 0x2f00...0x2fd5, 0x3005...0x3005, 0x3007...0x3007,
            0x3021...0x3029, 0x3038...0x303b, 0x3400...0x4dbf, 0x4e00...0x9fff, 0xf900...0xfad9,
            0x20000...0x3134a,
        ],
    ]

    private mutating func mark(_ value: UInt32) {
        if value < 64 { low |= 1 << UInt64(value) } else if value < 128 { high |= 1 << UInt64(value - 64) }
    }

    mutating func insert(_ range: ClosedRange<UInt32>) {
        ranges.append(range)
        refreshASCII()
    }

    mutating func formUnion(_ other: ScalarSet) {
        unions.append(other)
        refreshASCII()
    }

    func inverted() -> ScalarSet {
        var set = self
        set.isInverted.toggle()
        set.refreshASCII()
        return set
    }

    private mutating func refreshASCII() {
        low = 0
        high = 0
        for value in UInt32(0)..<128 where search(value) { mark(value) }
    }

    func contains(_ value: UInt32) -> Bool {
        if value < 64 { return low >> UInt64(value) & 1 == 1 }
        if value < 128 { return high >> UInt64(value - 64) & 1 == 1 }
        return search(value)
    }

    private func search(_ value: UInt32) -> Bool {
        var found = includes(value)
        if !found, foldsCase {
            found = CaseFolding.variants(value).contains { includes($0) }
        }
        return found != isInverted
    }

    private func includes(_ value: UInt32) -> Bool {
        if ranges.contains(where: { $0.contains(value) }) { return true }
        if !categories.isEmpty, let scalar = UnicodeScalar(value),
            categories.contains(scalar.properties.generalCategory)
        {
            return true
        }
        return unions.contains { $0.contains(value) }
    }
}

/// Letters that are the same but for their case, one code point each.
enum CaseFolding {
    static func fold(_ value: UInt32) -> UInt32 {
        if value < 128 { return value >= 65 && value <= 90 ? value + 32 : value }
        guard let scalar = UnicodeScalar(value) else { return value }
        let upper = single(scalar.properties.uppercaseMapping) ?? scalar
        return (single(upper.properties.lowercaseMapping) ?? upper).value
    }

    static func variants(_ value: UInt32) -> [UInt32] {
        let folded = fold(value)
        var found = [folded]
        if let scalar = UnicodeScalar(folded), let upper = single(scalar.properties.uppercaseMapping) {
            found.append(upper.value)
        }
        // Two signs of Unicode fold into ASCII.
        if folded == 0x6b { found.append(0x212a) }
        if folded == 0x73 { found.append(0x17f) }
        return found
    }

    private static func single(_ text: String) -> UnicodeScalar? {
        let scalars = text.unicodeScalars
        return scalars.count == 1 ? scalars.first : nil
    }
}
