/// Elements of containers within each other, in one piece of memory.
///
/// A container's elements are pushed as they are read and leave as an array of exactly their number:
/// one allocation a container, and no copies while it grows. `free()` must be called at the end.
struct ParserStack<Element> {
    private var base: UnsafeMutablePointer<Element>
    private var capacity: Int
    private(set) var count = 0

    init(capacity: Int = 32) {
        self.capacity = capacity
        base = .allocate(capacity: capacity)
    }

    mutating func free() {
        drop(to: 0)
        base.deallocate()
        capacity = 0
    }

    @inline(__always)
    mutating func push(_ element: consuming Element) {
        if count == capacity { grow() }
        (base + count).initialize(to: element)
        count += 1
    }

    @inline(never)
    private mutating func grow() {
        let larger = UnsafeMutablePointer<Element>.allocate(capacity: max(32, capacity * 2))
        larger.moveInitialize(from: base, count: count)
        base.deallocate()
        base = larger
        capacity = max(32, capacity * 2)
    }

    subscript(position: Int) -> Element {
        @inline(__always) _read {
            precondition(position < count)
            yield base[position]
        }
        @inline(__always) _modify {
            precondition(position < count)
            yield &base[position]
        }
    }

    func elements(from start: Int) -> UnsafeBufferPointer<Element> {
        UnsafeBufferPointer(start: base + start, count: count - start)
    }

    mutating func drop(to start: Int) {
        (base + start).deinitialize(count: count - start)
        count = start
    }

    /// Moves the elements from `start` on out.
    @inline(__always)
    mutating func popAll(from start: Int) -> [Element] {
        let size = count - start
        let source = base + start
        count = start
        // Array(unsafeUninitializedCapacity:) would look its type up at run time on every call.
        var elements: [Element] = []
        elements.reserveCapacity(size)
        for offset in 0..<size { elements.append((source + offset).move()) }
        return elements
    }
}

/// Whether two texts are the same bytes.
@usableFromInline
func sameBytes(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Bool {
    guard left.count == right.count else { return false }
    guard let a = UnsafeRawPointer(left.baseAddress), let b = UnsafeRawPointer(right.baseAddress)
    else { return true }
    var at = 0
    while at + 8 <= left.count {
        let word = a.loadUnaligned(fromByteOffset: at, as: UInt64.self)
        if word != b.loadUnaligned(fromByteOffset: at, as: UInt64.self) { return false }
        at += 8
    }
    while at < left.count {
        if left[at] != right[at] { return false }
        at += 1
    }
    return true
}
