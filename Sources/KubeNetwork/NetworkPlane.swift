import Dispatch
import KubeAPI
import KubeJSON
import Synchronization

/// The network of a machine: takes changes of the cluster's objects and brings the machine after them, on a queue
/// of its own. What comes while a transaction runs goes into the next one. A transaction that fails, and one of
/// somebody else's that touches our table, lead to all rules being written anew, in one transaction too.
public final class NetworkPlane: Sendable {
    /// What went wrong, and what was put right again; for a log.
    public typealias Report = @Sendable (String) -> Void

    private struct State: Sendable {
        var isStarted = false
        var isStopped = false
        var isScheduled = false
        /// Nothing is known of the machine's table.
        var needsAll = true
        var failures = 0
        var failure: String?
        var waiting: [CheckedContinuation<String?, Never>] = []
        var localAddresses: Set<IPAddress>?
        var statistics = Statistics()
    }

    /// What was done, for metrics and tests.
    public struct Statistics: Sendable, Equatable {
        public var transactions = 0
        /// Of those, the ones that wrote everything.
        public var fullTransactions = 0
        public var failures = 0
        public var repairs = 0
    }

    public let configuration: NetworkConfiguration
    private let host: any NetworkHost
    private let report: Report
    private let model: Mutex<NetworkModel>
    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "aegis.network", qos: .userInitiated)
    #if os(Linux)
        private let watch = Mutex<TableWatch?>(nil)
    #endif

    /// - Parameter namespace: the network namespace (of `ip netns`) that stands for the machine; nil for ours.
    public convenience init(
        _ configuration: NetworkConfiguration, namespace: String? = nil,
        report: @escaping Report = { _ in }
    ) {
        self.init(
            configuration, host: LinuxHost(table: configuration.table, namespace: namespace),
            watches: namespace == nil, report: report)
    }

    init(
        _ configuration: NetworkConfiguration, host: any NetworkHost, watches: Bool, report: @escaping Report
    ) {
        self.configuration = configuration
        self.host = host
        self.report = report
        model = Mutex(NetworkModel(configuration))
        #if os(Linux)
            guard watches else { return }
            let watch = TableWatch(table: configuration.table, queue: queue) { [weak self] _ in self?.repair()
            }
            self.watch.withLock { $0 = watch }
        #endif
    }

    // MARK: What the cluster says

    /// Takes changes in; they are brought to the machine by the next `flush`.
    func update(_ change: (inout NetworkModel) -> Void) { model.withLock { change(&$0) } }

    /// Brings the machine after what was taken in, soon. The first call is to come when all objects that are
    /// there have been taken in, or traffic of running pods would be refused meanwhile.
    public func flush() {
        let schedules = state.withLock { state in
            state.isStarted = true
            guard !state.isScheduled, !state.isStopped else { return false }
            state.isScheduled = true
            return true
        }
        if schedules { queue.async { [weak self] in self?.run() } }
    }

    /// Makes a pod's rules from the address that it is about to get, and returns when they are in force.
    /// - Parameter pod: `namespace/name`, of the host's network for nothing to be done.
    /// - Throws: `HostError` when the machine refuses them for now.
    public func expect(_ address: String, for pod: String) async throws(HostError) {
        guard let address = IPAddress(address), address.isIPv4 else {
            throw HostError("\(address): not an IPv4 address")
        }
        update { $0.expect(address, for: pod) }
        if let failure = await settled() { throw HostError(failure) }
    }

    /// Waits until all that was taken in by now is in force.
    /// - Returns: what went wrong, if it is not.
    public func settled() async -> String? {
        await withCheckedContinuation { continuation in
            let isStopped = state.withLock { state in
                if !state.isStopped { state.waiting.append(continuation) }
                return state.isStopped
            }
            if isStopped {
                continuation.resume(returning: "the network is being taken down")
            } else {
                flush()
            }
        }
    }

    /// Why the rules on the machine are not those of the cluster; nil when they are.
    public var failure: String? { state.withLock { $0.failure } }
    public var statistics: Statistics { state.withLock { $0.statistics } }

    // MARK: On the queue

    private func run() {
        let (waiting, needsAll, isStopped) = state.withLock { state in
            state.isScheduled = false
            defer { state.waiting = [] }
            return (state.waiting, state.needsAll, state.isStopped)
        }
        guard !isStopped else {
            for continuation in waiting { continuation.resume(returning: "the network is being taken down") }
            return
        }
        let change = model.withLock { needsAll ? $0.commitAll() : $0.commit() }
        let failure = apply(change)
        for continuation in waiting { continuation.resume(returning: failure) }
        if change.hasStaleChains, failure == nil {
            queue.asyncAfter(deadline: .now() + 1.5) { [weak self] in self?.sweep() }
        }
    }

    private func apply(_ change: NetworkChange) -> String? {
        do throws(HostError) {
            if !change.commands.isEmpty { try transact(change.commands, isFull: change.isFull) }
            for flow in change.staleFlows { try host.deleteFlow(flow) }
            if configuration.loadBalancerRange != nil,
                state.withLock({ $0.localAddresses }) != change.localAddresses
            {
                try host.setLocalAddresses(change.localAddresses)
                state.withLock { $0.localAddresses = change.localAddresses }
            }
        } catch {
            failed(error.description)
            return error.description
        }
        let wasFailing = state.withLock { state in
            defer {
                state.failures = 0
                state.failure = nil
            }
            return state.failure != nil
        }
        if wasFailing { report("the network's rules are in force again") }
        return nil
    }

    private func transact(_ commands: String, isFull: Bool) throws(HostError) {
        do throws(HostError) {
            try host.transact(commands)
        } catch {
            drain(expecting: 0)
            throw error
        }
        state.withLock { state in
            state.needsAll = false
            state.statistics.transactions += 1
            if isFull { state.statistics.fullTransactions += 1 }
        }
        drain(expecting: 1)
    }

    /// Hears what the kernel says of our own transaction, and notices another that came in between.
    private func drain(expecting own: Int) {
        #if os(Linux)
            guard let news = watch.withLock({ $0?.drain() }) else { return }
            if news.transactions > own || news.isLost { repair() }
        #endif
    }

    private func repair() {
        let isRunning = state.withLock { state in
            guard state.isStarted, !state.isStopped else { return false }
            state.needsAll = true
            state.statistics.repairs += 1
            return true
        }
        guard isRunning else { return }
        report("somebody else changed the table \(configuration.table): it is written anew")
        flush()
    }

    private func failed(_ reason: String) {
        let (isNew, delay) = state.withLock { state in
            let isNew = state.failure != reason
            state.failure = reason
            state.failures += 1
            state.statistics.failures += 1
            state.needsAll = true
            state.localAddresses = nil
            return (isNew, min(0.1 * Double(1 << min(state.failures, 10)), 10))
        }
        if isNew { report("the network's rules could not be changed: \(reason)") }
        queue.asyncAfter(deadline: .now() + delay) { [weak self] in self?.flush() }
    }

    private func sweep() {
        guard state.withLock({ !$0.needsAll && !$0.isStopped }) else { return }
        let chains = model.withLock { $0.staleChains }
        if chains.isEmpty { return }
        do throws(HostError) {
            try transact(model.withLock { $0.deletion(of: chains) }, isFull: false)
            model.withLock { $0.swept(chains) }
        } catch {
            // A kernel that still counts a reference. They are empty meanwhile.
            queue.asyncAfter(deadline: .now() + 10) { [weak self] in self?.sweep() }
        }
    }

    // MARK: The end

    /// Stops; the rules stay in force, for pods that go on.
    public func stop() {
        let waiting = state.withLock { state in
            state.isStopped = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume(returning: "the network is being taken down") }
        #if os(Linux)
            watch.withLock { watch in
                watch?.cancel()
                watch = nil
            }
        #endif
        queue.sync {}
    }

    /// Stops, and removes everything of ours from the machine: the table and the addresses of load balancers.
    public func tearDown() throws(HostError) {
        stop()
        try Self.tearDown(configuration.table, host)
    }

    /// The same for what a process that ended left behind.
    public static func tearDown(table: String, namespace: String? = nil) throws(HostError) {
        try tearDown(table, LinuxHost(table: table, namespace: namespace))
    }

    /// Whether the machine has a table of this name, whoever made it.
    public static func isThere(table: String) -> Bool {
        (try? Command().run(["nft", "list", "table", "ip", table]))?.isSuccess ?? false
    }

    private static func tearDown(_ table: String, _ host: any NetworkHost) throws(HostError) {
        try host.transact(NetworkModel.removal(of: table))
        try host.setLocalAddresses([])
    }
}
