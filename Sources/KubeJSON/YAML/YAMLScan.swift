import CYaml

/// Goes over the events of a YAML text before anything is composed of it, so that text from anyone can
/// be composed: depth, the number of aliases, and the size with every alias written out have bounds,
/// and nothing but text is a key (the composer hashes keys, and a shared tree as a key is walked whole).
struct YAMLScan {
    private let limits: YAML.Limits
    private var open: [Container] = []
    /// What anchors of this document stand for.
    private var anchors: [String: Extent] = [:]
    private var aliases = 0
    private var nodes = 0
    private var repeated: [YAMLError.RepeatedKey] = []
    private var firstColumn = 0

    private struct Container {
        var keys: Set<String> = []
        let anchor: String?
        let isMapping: Bool
        var children = 0
        var nodes = 1
        /// Keys and values take turns.
        var expectsKey: Bool { isMapping && children.isMultiple(of: 2) }
    }

    private struct Extent {
        let nodes: Int
        let isScalar: Bool
    }

    /// A text that is no YAML passes: the composer says what is wrong with it.
    static func check(_ bytes: [UInt8], limits: YAML.Limits) throws(YAMLError) {
        // The parser holds a pointer to itself: it must not move.
        let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
        defer { parser.deallocate() }
        guard yaml_parser_initialize(parser) == 1 else { throw YAMLError("out of memory") }
        defer { yaml_parser_delete(parser) }
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        let failure = bytes.withUnsafeBufferPointer { text -> YAMLError? in
            yaml_parser_set_input_string(parser, text.baseAddress, text.count)
            var scan = YAMLScan(limits: limits)
            var event = yaml_event_t()
            while yaml_parser_parse(parser, &event) == 1, event.type != YAML_STREAM_END_EVENT {
                defer { yaml_event_delete(&event) }
                do throws(YAMLError) { try scan.take(event) } catch { return error }
            }
            return scan.repeated.isEmpty
                ? nil : YAMLError(repeated: scan.repeated, column: scan.firstColumn)
        }
        if let failure { throw failure }
    }

    private init(limits: YAML.Limits) { self.limits = limits }

    private mutating func take(_ event: yaml_event_t) throws(YAMLError) {
        switch event.type {
        case YAML_DOCUMENT_START_EVENT:
            anchors = [:]
            open = []
        case YAML_ALIAS_EVENT:
            aliases += 1
            guard aliases <= limits.aliases else { throw failure("too many aliases", event) }
            let name = Self.text(event.data.alias.anchor) ?? ""
            guard let extent = anchors[name] else {
                throw failure("unknown anchor '\(name)' referenced", event)
            }
            try add(extent, event)
        case YAML_SCALAR_EVENT:
            let extent = Extent(nodes: 1, isScalar: true)
            if let anchor = Self.text(event.data.scalar.anchor) { anchors[anchor] = extent }
            note(key: event)
            try add(extent, event)
        case YAML_SEQUENCE_START_EVENT:
            try enter(Self.text(event.data.sequence_start.anchor), isMapping: false, event)
        case YAML_MAPPING_START_EVENT:
            try enter(Self.text(event.data.mapping_start.anchor), isMapping: true, event)
        case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT:
            guard let container = open.popLast() else { return }
            let extent = Extent(nodes: container.nodes, isScalar: false)
            if let anchor = container.anchor { anchors[anchor] = extent }
            try add(extent, event)
        default: break
        }
    }

    private mutating func note(key event: yaml_event_t) {
        guard let last = open.indices.last, open[last].expectsKey,
            let key = Self.text(event.data.scalar.value), key != "<<", !open[last].keys.insert(key).inserted
        else { return }
        if repeated.isEmpty { firstColumn = Int(event.start_mark.column) + 1 }
        repeated.append(YAMLError.RepeatedKey(key: key, line: Int(event.start_mark.line) + 1))
    }

    private mutating func enter(
        _ anchor: String?, isMapping: Bool, _ event: yaml_event_t
    ) throws(YAMLError) {
        if open.last?.expectsKey == true { throw failure("unsupported map key", event) }
        guard open.count < limits.depth else {
            throw failure("exceeded max depth of \(limits.depth)", event)
        }
        open.append(Container(anchor: anchor, isMapping: isMapping))
    }

    private mutating func add(_ extent: Extent, _ event: yaml_event_t) throws(YAMLError) {
        guard let last = open.indices.last else {
            nodes += extent.nodes
            return
        }
        if open[last].expectsKey, !extent.isScalar { throw failure("unsupported map key", event) }
        open[last].children += 1
        open[last].nodes += extent.nodes
        // No container is larger than the limit before this sum, so it cannot overflow.
        guard nodes + open[last].nodes <= limits.nodes else {
            throw failure("document contains excessive aliasing", event)
        }
    }

    private func failure(_ message: String, _ event: yaml_event_t) -> YAMLError {
        YAMLError(
            message, line: Int(event.start_mark.line) + 1, column: Int(event.start_mark.column) + 1)
    }

    private static func text(_ bytes: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        bytes.map { String(cString: $0) }
    }
}
