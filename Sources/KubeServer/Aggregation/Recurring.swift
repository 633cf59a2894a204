import NIOConcurrencyHelpers
import NIOCore

/// Something that is done again and again: at once when it is asked for, else after a while, and sooner where
/// it failed. Never twice at a time.
final class Recurring: Sendable {
    struct Pace: Sendable {
        /// After the first failure; doubled with each further one.
        var first: TimeAmount
        var most: TimeAmount
        /// After it went well.
        var usual: TimeAmount

        func delay(failures: Int) -> TimeAmount {
            guard failures > 0 else { return usual }
            return .nanoseconds(min(most.nanoseconds, first.nanoseconds << Int64(min(failures - 1, 20))))
        }
    }

    private struct State {
        var isRunning = false
        var isWanted = false
        var isStopped = false
        var failures = 0
        var timer: Scheduled<Void>?
    }

    private let loop: any EventLoop
    private let pace: Pace
    /// Tells whether it went well; on the loop.
    private let work: @Sendable () -> EventLoopFuture<Bool>
    private let state = NIOLockedValueBox(State())

    init(
        on loop: any EventLoop, _ pace: Pace, _ work: @escaping @Sendable () -> EventLoopFuture<Bool>
    ) {
        (self.loop, self.pace, self.work) = (loop, pace, work)
    }

    /// Does it now, or once more when it is under way. From any thread.
    func ask() { loop.execute { self.begin() } }

    func stop() {
        state.withLockedValue { state in
            state.isStopped = true
            state.timer?.cancel()
            state.timer = nil
        }
    }

    private func begin() {
        let begins = state.withLockedValue { state in
            if state.isStopped { return false }
            if state.isRunning {
                state.isWanted = true
                return false
            }
            state.isRunning = true
            state.timer?.cancel()
            state.timer = nil
            return true
        }
        guard begins else { return }
        work().whenComplete { result in
            if case .success(true) = result { self.ended(well: true) } else { self.ended(well: false) }
        }
    }

    private func ended(well isGood: Bool) {
        let again = state.withLockedValue { state in
            state.isRunning = false
            state.failures = isGood ? 0 : state.failures + 1
            if state.isStopped { return false }
            if state.isWanted {
                state.isWanted = false
                return true
            }
            state.timer = loop.scheduleTask(in: pace.delay(failures: state.failures)) { self.begin() }
            return false
        }
        if again { begin() }
    }
}
