#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A mutual exclusion lock. The store holds it over a journal append, some ten microseconds; sleeping and
/// being woken costs a virtual machine more than that, so a waiter looks again for a while before it sleeps.
final class Lock: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>

    init() {
        mutex = .allocate(capacity: 1)
        mutex.initialize(to: pthread_mutex_t())
        pthread_mutex_init(mutex, nil)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    @inline(__always) func lock() {
        if pthread_mutex_trylock(mutex) != 0 { lockSlowly() }
    }

    @inline(never) private func lockSlowly() {
        for _ in 0..<Self.looks {
            // Lets another thread have the processor when there are more threads than processors.
            sched_yield()
            if pthread_mutex_trylock(mutex) == 0 { return }
        }
        pthread_mutex_lock(mutex)
    }

    private static let looks = 64

    @inline(__always) func unlock() { pthread_mutex_unlock(mutex) }

    @inline(__always) func withLock<Result, Failure: Error>(
        _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        lock()
        defer { unlock() }
        return try body()
    }
}

/// Order of the UTF-8 bytes: negative, zero or positive.
@inline(__always) func compareUTF8(_ left: String, _ right: String) -> Int {
    let fast = left.utf8.withContiguousStorageIfAvailable { a in
        right.utf8.withContiguousStorageIfAvailable { b in
            let common = min(a.count, b.count)
            if common > 0, let x = a.baseAddress, let y = b.baseAddress {
                let order = memcmp(x, y, common)
                if order != 0 { return Int(order) }
            }
            return a.count - b.count
        }
    }
    if let outer = fast, let order = outer { return order }
    if left.utf8.elementsEqual(right.utf8) { return 0 }
    return left.utf8.lexicographicallyPrecedes(right.utf8) ? -1 : 1
}
