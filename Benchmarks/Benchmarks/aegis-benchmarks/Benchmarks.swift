import Benchmark
import KubeJSON

let benchmarks: @Sendable () -> Void = {
}
