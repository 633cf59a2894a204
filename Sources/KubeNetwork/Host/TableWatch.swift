import Dispatch
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

#if os(Linux)
    /// Hears of every transaction of nftables that touches our table: the kernel tells those who ask
    /// (NETLINK_NETFILTER, group NFNLGRP_NFTABLES) before the transaction returns. Nothing is polled, and no
    /// program runs for it.
    final class TableWatch: Sendable {
        struct News: Sendable, Equatable {
            /// How many transactions touched the table.
            var transactions = 0
            /// The kernel had more to say than we could take: anything may have happened.
            var isLost = false
        }

        private let descriptor: Int32
        private let table: [UInt8]
        /// Made once, and cancelled from any thread.
        nonisolated(unsafe) private let source: any DispatchSourceRead
        private let isTouched = Mutex(false)

        /// - Parameters:
        ///   - queue: a serial one, on which `drain` is called too.
        ///   - report: called on the queue with what was not drained by hand.
        /// - Returns: nil where the kernel gives no such socket.
        init?(table: String, queue: DispatchQueue, report: @escaping @Sendable (News) -> Void) {
            let netfilter: Int32 = 12
            let descriptor = socket(AF_NETLINK, Int32(SOCK_RAW.rawValue) | 0x80000 | 0x800, netfilter)
            self.descriptor = descriptor
            guard descriptor >= 0 else { return nil }
            self.table = Array(table.utf8) + [0]
            // struct sockaddr_nl: family, padding, port (the kernel chooses), groups.
            var address: (UInt16, UInt16, UInt32, UInt32) = (UInt16(AF_NETLINK), 0, 0, 0)
            let bound = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, 12) }
            }
            // SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, NFNLGRP_NFTABLES.
            var group: Int32 = 7
            guard bound == 0, setsockopt(descriptor, 270, 1, &group, 4) == 0 else {
                close(descriptor)
                return nil
            }
            var size: Int32 = 8 << 20
            // SO_RCVBUFFORCE: a full table is thousands of messages.
            setsockopt(descriptor, SOL_SOCKET, 33, &size, 4)
            source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
            source.setCancelHandler { close(descriptor) }
            source.setEventHandler { [weak self] in
                guard let news = self?.drain(), news != News() else { return }
                report(news)
            }
            source.resume()
        }

        func cancel() { source.cancel() }

        /// What came since the last call.
        func drain() -> News {
            var news = News()
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            while true {
                let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
                if count > 0 {
                    news.transactions += self.count(buffer[..<count])
                } else if count < 0, errno == ENOBUFS {
                    news.isLost = true
                } else if count >= 0 || errno != EINTR {
                    return news
                }
            }
        }

        /// A transaction is a run of messages that ends with the one about the new generation.
        private func count(_ bytes: ArraySlice<UInt8>) -> Int {
            bytes.withUnsafeBytes { bytes in
                var transactions = 0
                var start = 0
                while start + 16 <= bytes.count {
                    let length = Int(bytes.loadUnaligned(fromByteOffset: start, as: UInt32.self))
                    let type = bytes.loadUnaligned(fromByteOffset: start + 4, as: UInt16.self)
                    guard length >= 16, start + length <= bytes.count else { break }
                    // NFNL_SUBSYS_NFTABLES in the upper byte, NFT_MSG_NEWGEN is 15.
                    if type >> 8 == 10 {
                        if type & 0xFF == 15 {
                            let touched = isTouched.withLock { touched in
                                defer { touched = false }
                                return touched
                            }
                            if touched { transactions += 1 }
                        } else if isOurs(bytes, start + 20, start + length) {
                            isTouched.withLock { $0 = true }
                        }
                    }
                    start += (length + 3) & ~3
                }
                return transactions
            }
        }

        /// The first attribute of every message about a table or something in it is the table's name.
        private func isOurs(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ end: Int) -> Bool {
            guard start + 4 + table.count <= end,
                bytes.loadUnaligned(fromByteOffset: start + 2, as: UInt16.self) & 0x3FFF == 1
            else { return false }
            return table.indices.allSatisfy { bytes[start + 4 + $0] == table[$0] }
        }
    }
#endif
