import Benchmark
import Foundation
import KubeAPI
import KubeJSON
import KubeStore

/// Everything here runs in one process, without sockets; `scripts/bench` compares servers.
let benchmarks: @Sendable () -> Void = {
    Benchmark.defaultConfiguration = .init(
        metrics: [.wallClock, .throughput], scalingFactor: .kilo, maxDuration: .seconds(2))
    textBenchmarks()
    patchBenchmarks()
    storeBenchmarks()
}

private func textBenchmarks() {
    let pod = JSONWriter.bytes(Samples.owned)
    let value = Samples.list(750)
    let list = JSONWriter.bytes(value)
    let podData = Data(pod)
    let listData = Data(list)
    let one = Benchmark.Configuration(scalingFactor: .one)
    let ofPod = "a pod (\(pod.count) bytes)"
    let ofList = "a list of 750 pods (\(list.count / 1_000) KB)"
    let foundation = "Foundation's JSONSerialization"
    Benchmark("parse \(ofPod)") { benchmark in
        for _ in benchmark.scaledIterations { blackHole(try JSONParser.parse(pod)) }
    }
    Benchmark("parse \(ofPod), \(foundation)") { benchmark in
        for _ in benchmark.scaledIterations { blackHole(try JSONSerialization.jsonObject(with: podData)) }
    }
    Benchmark("write \(ofPod)") { benchmark in
        for _ in benchmark.scaledIterations { blackHole(JSONWriter.bytes(Samples.owned)) }
    }
    Benchmark("write \(ofPod), \(foundation)", configuration: one) { benchmark in
        let object = try JSONSerialization.jsonObject(with: podData)
        benchmark.startMeasurement()
        for _ in benchmark.scaledIterations { blackHole(try JSONSerialization.data(withJSONObject: object)) }
    }
    Benchmark("parse \(ofList)", configuration: one) { benchmark in
        for _ in benchmark.scaledIterations { blackHole(try JSONParser.parse(list)) }
    }
    Benchmark("parse \(ofList), \(foundation)", configuration: one) { benchmark in
        for _ in benchmark.scaledIterations { blackHole(try JSONSerialization.jsonObject(with: listData)) }
    }
    Benchmark("write \(ofList)", configuration: one) { benchmark in
        for _ in benchmark.scaledIterations { blackHole(JSONWriter.bytes(value, capacity: list.count)) }
    }
    Benchmark("write \(ofList), \(foundation)", configuration: one) { benchmark in
        let object = try JSONSerialization.jsonObject(with: listData)
        benchmark.startMeasurement()
        for _ in benchmark.scaledIterations { blackHole(try JSONSerialization.data(withJSONObject: object)) }
    }
}

private func patchBenchmarks() {
    let pod = Samples.owned
    let jsonPatch: JSON = [
        ["op": "replace", "path": "/spec/containers/0/image", "value": "web:2"],
        ["op": "add", "path": "/metadata/labels/new", "value": "1"],
    ]
    Benchmark("JSON patch") { benchmark in
        for _ in benchmark.scaledIterations {
            blackHole(try JSONPatch.parse(jsonPatch).apply(to: pod))
        }
    }
    let merge: JSON = ["metadata": ["labels": ["tier": "back"]], "spec": ["priority": .null]]
    Benchmark("merge patch") { benchmark in
        for _ in benchmark.scaledIterations { blackHole(MergePatch.apply(merge, to: pod)) }
    }
    let strategic: JSON = ["spec": ["containers": [["name": "sidecar", "image": "proxy:2"]]]]
    Benchmark("strategic merge patch") { benchmark in
        for _ in benchmark.scaledIterations {
            blackHole(try StrategicMergePatch.apply(strategic, to: pod, schema: Samples.pods.schema))
        }
    }
    let configuration: JSON = [
        "apiVersion": "v1", "kind": "Pod", "metadata": ["name": "web", "namespace": "bench"],
        "spec": ["containers": [["name": "web", "image": "web:2"]]],
    ]
    Benchmark("server-side apply") { benchmark in
        for _ in benchmark.scaledIterations {
            blackHole(
                try Samples.manager.apply(
                    live: pod, patch: configuration, manager: "other", force: true,
                    now: "2026-01-02T03:04:06Z"))
        }
    }
}

private func storeBenchmarks() {
    let collection = CollectionID(group: "", resource: "configmaps")
    Benchmark("store: create in memory") { benchmark in
        let store = try Store()
        benchmark.startMeasurement()
        for number in benchmark.scaledIterations {
            let object = EncodedObject(Samples.configMap("cm-\(number)"))
            _ = try store.create(collection, key: "bench/cm-\(number)", object)
        }
        benchmark.stopMeasurement()
    }
    Benchmark("store: create, journal survives kill -9") { benchmark in
        let directory = NSTemporaryDirectory() + "aegis-bench-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let store = try Store(directory: directory)
        defer { store.close() }
        benchmark.startMeasurement()
        for number in benchmark.scaledIterations {
            let object = EncodedObject(Samples.configMap("cm-\(number)"))
            _ = try store.create(collection, key: "bench/cm-\(number)", object)
        }
        benchmark.stopMeasurement()
    }
    Benchmark("store: list 4,000", configuration: .init(scalingFactor: .one)) { benchmark in
        let store = try Store()
        for number in 0..<4_000 {
            let object = EncodedObject(Samples.configMap("cm-\(number)"))
            _ = try store.create(collection, key: "bench/cm-\(number)", object)
        }
        benchmark.startMeasurement()
        for _ in benchmark.scaledIterations {
            let page = store.snapshot(collection).page(prefix: "bench/")
            blackHole(page.items.reduce(0) { $0 + $1.bytes.count })
        }
        benchmark.stopMeasurement()
    }
    Benchmark("store: list a tenth of 4,000 by label", configuration: .init(scalingFactor: .one)) {
        benchmark in
        let store = try Store()
        for number in 0..<4_000 {
            var map = Samples.configMap("cm-\(number)")
            map.set(.string("s\(number % 10)"), at: "metadata", "labels", "shard")
            _ = try store.create(collection, key: "bench/cm-\(number)", EncodedObject(map))
        }
        var bits = LabelBits()
        bits.insert(key: "shard", value: "s3")
        benchmark.startMeasurement()
        for _ in benchmark.scaledIterations {
            let found = store.snapshot(collection).select(prefix: "bench/", labels: bits) {
                $0.labels?["shard"]?.string == "s3"
            }
            precondition(found.items.count == 400)
            blackHole(found)
        }
        benchmark.stopMeasurement()
    }
    Benchmark("store: one event to 100 watchers") { benchmark in
        let store = try Store()
        var watches: [Watch] = []
        for _ in 0..<100 {
            let watch = try store.watch(collection, prefix: "bench/", from: store.revision) { events in
                for event in events { blackHole(event.wire.count) }
            }
            watches.append(watch)
        }
        benchmark.startMeasurement()
        for number in benchmark.scaledIterations {
            let object = EncodedObject(Samples.configMap("cm-\(number)"))
            _ = try store.create(collection, key: "bench/cm-\(number)", object)
        }
        benchmark.stopMeasurement()
        for watch in watches { watch.cancel() }
    }
}
