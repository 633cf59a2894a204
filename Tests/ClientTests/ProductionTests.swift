import Foundation
import KubeJSON
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// The platform of the document in real containers, brought up as `make up` does: every row of the document by the
/// command of platform/README.md, who reaches whom, and what becomes of it when things go wrong under load.
@Suite(
    .clients, .serialized,
    .enabled(if: Containers.areThere, "containers need root, containerd, runc and nft"),
    .enabled(
        if: Production.programsAreThere,
        "aegis-api and aegis-prometheus are not beside aegis: run scripts/test"))
struct ProductionTests {
    @Test(.timeLimit(.minutes(15))) func theDocumentRuns() throws {
        let platform = try Production()
        defer { platform.cluster.removeAll() }
        try platform.up()
        try everyRow(platform)
        try everyTargetIsUp(platform)
        try nobodyElseComesIn(platform)
        try aSecondUpDoesNothing(platform)
        try releasesGoOn(platform)
        try loadIsFollowed(platform)
    }

    // MARK: Rows

    private func everyRow(_ platform: Production) throws {
        let rows = try Production.rows()
        #expect(Set(rows.map(\.row)) == Set(Self.answers.keys), "the table and what is expected of it")
        for row in rows {
            // What was measured a moment ago may be all zeros in a cluster this young: what is waited for comes.
            var answer = ""
            var missing: [String] = []
            _ = try? poll(row.row, within: 30) {
                answer = try platform.sh(row.commands.joined(separator: "; echo; "))
                missing = try (Self.answers[row.row] ?? []).filter {
                    try !answer.contains(Regex($0).dotMatchesNewlines(false).anchorsMatchLineEndings())
                }
                return missing.isEmpty ? true : nil
            }
            #expect(missing.isEmpty, "\(row.row): no \(missing) in\n\(answer)")
        }
        // The Role's rows are all there is beyond what every account may.
        let allowed = try platform.sh(
            "k auth can-i --list --no-headers --as=system:serviceaccount:aegis-production:aegis-service-account"
        )
        let own = allowed.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }.filter {
            !$0[0].hasPrefix("[") && !$0[0].hasPrefix("selfsubject")
        }
        #expect(
            Set(own.map { $0[0] }) == [
                "pods", "services", "configmaps", "secrets", "deployments.apps", "replicasets.apps",
                "tokenreviews.authentication.k8s.io", "subjectaccessreviews.authorization.k8s.io",
            ], "\(allowed)")
        for (verb, what) in [
            ("get", "nodes"), ("create", "statefulsets.apps"), ("delete", "persistentvolumeclaims"),
            ("get", "pods --namespace aegis-staging"), ("create", "roles.rbac.authorization.k8s.io"),
            ("get", "horizontalpodautoscalers.autoscaling"),
        ] {
            let answer = try platform.sh(
                "k auth can-i \(verb) \(what) "
                    + "--as=system:serviceaccount:aegis-production:aegis-service-account || true")
            #expect(answer.contains("no"), "\(verb) \(what)")
        }
    }

    /// What the commands of a row have to say; regular expressions, a line each.
    private static let answers: [String: [String]] = [
        "three namespaces with `environment` and `project`": [
            "^aegis-production +Active .* production +aegis$", "^aegis-staging +Active .* staging +aegis$",
            "^aegis-development +Active .* development +aegis$",
        ],
        "master: 3 × c5.large": ["^master-1 +Ready .* c5.large$", "^master-2 ", "^master-3 +Ready "],
        "worker: 3 to 10 × c5.xlarge": [
            "^worker-1 +Ready .* c5.xlarge$", "^worker-3 +Ready .* c5.xlarge$", "^3 to 10$",
        ],
        "data: 2 to 5 × r5.2xlarge": [
            "^data-1 +Ready .* r5.2xlarge$", "^data-2 +Ready .* r5.2xlarge$", "^2 to 5$",
        ],
        "databases run on data nodes, applications on workers": [
            "^postgres-0 +data-[12]$", "^redis-\\S+ +data-[12]$", "^aegis-api-\\S+ +worker-[123]$",
        ],
        "3 replicas of `aegis/api:latest`": ["^aegis-api +3/3 +3 +3 .* aegis/api:latest +app=aegis-api$"],
        "port 8000, `DATABASE_URL` from `aegis-secrets`": [
            "\"containerPort\":8000", "\"name\":\"DATABASE_URL\"",
            "\"secretKeyRef\":\\{\"key\":\"database-url\",\"name\":\"aegis-secrets\"\\}",
        ],
        "requests 512Mi and 250m, limits 1Gi and 500m": [
            "\"limits\":\\{\"cpu\":\"500m\",\"memory\":\"1Gi\"\\}",
            "\"requests\":\\{\"cpu\":\"250m\",\"memory\":\"512Mi\"\\}",
        ],
        "`/health` after 30 s every 10 s, `/ready` after 5 s every 5 s": [
            "Liveness: +http-get http://:8000/health delay=30s timeout=1s period=10s",
            "Readiness: +http-get http://:8000/ready delay=5s timeout=1s period=5s", "\"status\": ?\"alive\"",
            "\"status\": ?\"ready\"",
        ],
        "Service 80 → 8000, ClusterIP": [
            "^aegis-api-service +ClusterIP +10\\.\\S+ +<none> +80/TCP .* app=aegis-api$",
            "^aegis-api-service-\\S+ +IPv4 +8000 +10\\.\\d+\\.\\S+,10\\.\\d+\\.\\S+,10\\.\\d+\\.",
        ],
        "3 to 20 replicas, CPU 70 %, memory 80 %": [
            "^aegis-api-hpa +Deployment/aegis-api +cpu: \\d+%/70%, memory: \\d+%/80% +3 +20 +3 "
        ],
        "one `postgres:15`, port 5432, database `aegis`": [
            "^postgres +1/1 .* postgres:15$", "^aegis\\|PostgreSQL 15\\.",
        ],
        "user and password from `postgres-secret`": [
            "POSTGRES_USER: +<set to the key 'username' in secret 'postgres-secret'>",
            "POSTGRES_PASSWORD: +<set to the key 'password' in secret 'postgres-secret'>",
            "^postgres-secret +Opaque +2 ",
        ],
        "requests 2Gi and 1000m, limits 4Gi and 2000m": [
            "\"limits\":\\{\"cpu\":\"2\",\"memory\":\"4Gi\"\\}",
            "\"requests\":\\{\"cpu\":\"1\",\"memory\":\"2Gi\"\\}",
        ],
        "100Gi of class gp3, ReadWriteOnce, at `/var/lib/postgresql/data`": [
            "^postgres-storage-postgres-0 +Bound +pvc-\\S+ +100Gi +RWO +gp3 ", "^1$",
        ],
        "one `redis:7-alpine`, port 6379": ["^redis +1/1 .* redis:7-alpine ", "^PONG$"],
        "requests 256Mi and 100m, limits 512Mi and 200m": [
            "\"limits\":\\{\"cpu\":\"200m\",\"memory\":\"512Mi\"\\}",
            "\"requests\":\\{\"cpu\":\"100m\",\"memory\":\"256Mi\"\\}",
        ],
        "an emptyDir at `/data`": ["\"emptyDir\":\\{\\}", "^/data$"],
        "the Role's rows, and nothing else": [
            "^pods +\\[\\] +\\[\\] +\\[get list watch create update patch delete\\]",
            "^replicasets.apps +\\[\\] +\\[\\] +\\[get list watch create update patch delete\\]",
        ],
        "the binding to the account": [
            "^yes$", "^aegis-service-account aegis-service-account aegis-service-account$",
        ],
        "port 8000 from the namespace": ["\"status\": ?\"alive\""],
        "5432 and 6379 from the API": ["\"status\": ?\"ready\""],
        "5432 and 6379 for nobody else": ["^no 5432$", "^no 6379$"],
        "every 15 s, pods labelled `aegis-api` that ask for it": [
            "scrape_interval: 15s", "role: pod", "http://10\\.\\d+\\.\\d+\\.\\d+:8000/metrics",
        ],
    ]

    private func everyTargetIsUp(_ platform: Production) throws {
        let expected: Set = [
            "aegis-api", "postgres", "redis", "prometheus", "kubernetes-apiserver", "kube-state-metrics",
        ]
        _ = try poll("every target up", within: 60) { () -> Bool? in
            guard let targets = try? platform.targets() else { return nil }
            return Set(targets.map(\.job)) == expected && targets.filter { $0.job == "aegis-api" }.count == 3
                && targets.allSatisfy { $0.health == "up" } ? true : nil
        } or: {
            "\((try? platform.targets()) ?? [])"
        }
        // What is measured is what the rules read.
        for series in [
            "pg_up", "redis_up", "aegis:volume_used:ratio", "kube_horizontalpodautoscaler_spec_max_replicas",
        ] {
            _ = try poll("series \(series)", within: 90) {
                platform.value(of: series).map { _ in true }
            }
        }
    }

    private func nobodyElseComesIn(_ platform: Production) throws {
        let api = try platform.sh("k get pod -l app=aegis-api -o jsonpath='{.items[0].status.podIP}'")
        // From another namespace, whatever the pod says that it is; and out of the API into the world.
        let outside = try platform.sh(
            """
            kubectl -n aegis-staging run try --rm -i --quiet --image=aegis/tools:1 --restart=Never \
                --labels=app=aegis-api,project=aegis -- sh -c \
                'nc -w 2 \(api) 8000 </dev/null 2>/dev/null || echo closed; nc -w 2 \(api) 9090 </dev/null 2>/dev/null || echo closed too'
            """)
        #expect(outside == "closed\nclosed too\n")
        let inside = try platform.sh(
            """
            k run try-9090 --rm -i --quiet --image=aegis/tools:1 --restart=Never -- sh -c \
                'nc -w 2 prometheus 9090 </dev/null 2>/dev/null || echo no 9090; nc -w 2 postgres-exporter 9187 </dev/null 2>/dev/null || echo no 9187'
            """)
        #expect(inside == "no 9090\nno 9187\n")
    }

    private func aSecondUpDoesNothing(_ platform: Production) throws {
        let before = try platform.sh(
            "k get deploy,sts,pods -o jsonpath='{.items[*].metadata.resourceVersion}'")
        let start = Date()
        let said = try platform.again()
        #expect(Date().timeIntervalSince(start) < 60)
        #expect(said.contains("everything is ready"))
        #expect(
            try platform.sh("k get deploy,sts,pods -o jsonpath='{.items[*].metadata.resourceVersion}'")
                == before)
    }

    // MARK: Faults

    private func releasesGoOn(_ platform: Production) throws {
        let client = try platform.client()
        let address = try platform.sh("k get svc aegis-api-service -o jsonpath='{.spec.clusterIP}'")
        let load = try Load("http://\(address)/health")
        defer { load.stop() }
        try load.awaitMore()

        // A good release: no request fails.
        let good = try client.release(#"{"workload": "aegis-api", "restart": true}"#)
        #expect(try client.end(of: good, within: 180) == "succeeded")
        try load.awaitMore()
        #expect(load.failures == [])

        // An image that there is not: it takes itself back, and nobody who asked noticed.
        let broken = try client.release(#"{"workload": "aegis-api", "image": "aegis/api:none"}"#)
        #expect(try client.end(of: broken, within: 180) == "rolled-back")
        #expect(
            try platform.sh("k get deploy aegis-api -o jsonpath='{.spec.template.spec.containers[0].image}'")
                == "aegis/api:latest")
        _ = try platform.sh("k rollout status deploy/aegis-api --timeout=60s")
        try load.awaitMore()
        #expect(load.failures == [])
        load.stop()

        // Each of them is killed in the middle of a release, which ends all the same, and once.
        var releases = [good, broken]
        for victim in ["aegis-api", "redis", "postgres", "prometheus", "aegis"] {
            let release = try client.release(#"{"workload": "redis-exporter", "restart": true}"#)
            releases.append(release)
            if victim == "aegis" {
                platform.cluster.kill()
                try platform.up()
            } else {
                let id = try platform.sh(
                    "k get pod -l app=\(victim) -o jsonpath='{.items[0].status.containerStatuses[0].containerID}'"
                )
                #expect(kill(try platform.cluster.process(id), SIGKILL) == 0)
            }
            let end = try client.end(of: release, within: 120)
            #expect(end == "succeeded", "\(victim): \(end)")
            _ = try platform.sh("k rollout status deploy/aegis-api --timeout=120s")
            _ = try platform.sh("k rollout status sts/postgres --timeout=120s")
            _ = try platform.sh(
                "k rollout status deploy/\(victim == "redis" ? "redis" : "prometheus") --timeout=120s")
        }
        #expect(try client.all() == releases.reversed())
        // Every restart of the exporter made one new ReplicaSet, and no release made two.
        let revision = try platform.sh(
            #"k get deploy redis-exporter -o jsonpath='{.metadata.annotations.deployment\.kubernetes\.io/revision}'"#
        )
        #expect(revision == "6")
        try everyTargetIsUp(platform)
    }

    /// The API's own work makes it grow, by the document's targets; that it shrinks again is not waited five minutes
    /// for.
    private func loadIsFollowed(_ platform: Production) throws {
        let client = try platform.client()
        _ = try platform.sh(
            #"k patch hpa aegis-api-hpa --type=merge -p '{"spec":{"behavior":{"scaleDown":{"stabilizationWindowSeconds":0}}}}'"#
        )
        let address = try platform.sh("k get svc aegis-api-service -o jsonpath='{.spec.clusterIP}'")
        let work = try Work("http://\(address)/v1/workloads/aegis-api", token: client.token)
        defer { work.stop() }
        func replicas() throws -> Int {
            Int(try platform.sh("k get deploy aegis-api -o jsonpath='{.status.readyReplicas}'")) ?? 0
        }
        _ = try poll("more replicas", within: 180) {
            try replicas() > 3 ? true : nil
        } or: {
            (try? platform.sh("k describe hpa aegis-api-hpa; k top pods")) ?? ""
        }
        work.stop()
        _ = try poll("three replicas", within: 240) {
            try replicas() == 3 ? true : nil
        } or: {
            (try? platform.sh("k describe hpa aegis-api-hpa; k top pods")) ?? ""
        }
        let events = try platform.sh("k events --for hpa/aegis-api-hpa -o jsonpath='{.items[*].message}'")
        #expect(events.contains("cpu resource utilization (percentage of request) above target"), "\(events)")
        #expect(events.contains("New size: 3; reason: All metrics below target"), "\(events)")
    }
}
