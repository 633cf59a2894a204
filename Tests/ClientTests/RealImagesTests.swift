import Foundation
import Testing

/// Images that `aegis up` makes from recipes: each runs as the manifests expect of the one with its name.
@Suite(
    .clients, .serialized, .enabled(if: Containers.areThere, "containers need root, containerd, runc and nft")
)
struct RealImagesTests {
    @Test func imagesAreMadeAndRun() throws {
        let cluster = try Containers()
        defer { cluster.removeAll() }
        // The first time, packages are fetched and unpacked.
        try cluster.start(Self.platform, within: 240)
        func kubectl(_ line: String) throws -> String {
            try cluster.kubectl(["-n", "shop"] + Containers.words(line))
        }
        func tools(_ command: String) throws -> String {
            try cluster.kubectl(["-n", "shop", "exec", "tools", "--", "sh", "-c", command])
        }
        let password = "PGPASSWORD='it'\\''s a $ecret'"
        let psql = "\(password) psql -h postgres -U keeper -d stock -At"

        // PostgreSQL: user, password and database of the variables; a script; nobody comes in without.
        #expect(try tools("\(psql) -c 'select current_user, count(*) from made_by_script'") == "keeper|2\n")
        #expect(try tools("\(psql) -c 'show server_version'").hasPrefix("15."))
        #expect(throws: (any Error).self) {
            try tools("psql -w -h postgres -U keeper -d stock -c 'select 1'")
        }
        #expect(try kubectl("exec postgres-0 -- sh -c id").contains("uid=0("))
        #expect(
            try kubectl("exec postgres-0 -- stat -c %U /var/lib/postgresql/data/PG_VERSION") == "postgres\n")
        // As a user that no file knows.
        #expect(
            try tools("PGPASSWORD=x psql -h plain -U postgres -At -c 'select 6 * 7'") == "42\n")
        #expect(try kubectl("exec plain -- stat -c %u /data/pg/PG_VERSION") == "12345\n")

        // Redis: arguments are the server's, and it does not run as root.
        #expect(try tools("redis-cli -h redis config get maxmemory") == "maxmemory\n67108864\n")
        #expect(try tools("redis-cli -h redis set a b") == "OK\n")
        #expect(try kubectl("exec deploy/redis -- stat -c %U /proc/1").contains("redis"))

        // The web server, names and certificates from the tools.
        #expect(try tools("curl -s http://web") == "hello from aegis\n")
        #expect(
            try tools("dig +short web.shop.svc.cluster.local") == kubectl(
                "get svc web -o jsonpath={.spec.clusterIP}") + "\n")
        #expect(Int(try tools("grep -c BEGIN /etc/ssl/certs/ca-certificates.crt").dropLast()) ?? 0 > 100)

        // Prometheus looks at itself with its own arguments.
        let prometheus = try kubectl("get pod prometheus -o jsonpath={.status.podIP}")
        _ = try poll("a sample", within: 30) {
            try cluster.fetch("http://\(prometheus):9090/api/v1/query?query=up%3D%3D1").contains("\"1\"")
                ? true : nil
        }

        // It ends soon and whole although a client is at work, and finds its data again.
        _ = try tools("\(psql) -c 'insert into made_by_script values (3)'")
        _ = try tools("(\(psql) -c 'select pg_sleep(60)' >/dev/null 2>&1 &)")
        _ = try kubectl("delete pod postgres-0 --timeout=60s")
        _ = try poll("the pod's successor", within: 30) {
            try kubectl("get pods -o name").contains("postgres-0") ? true : nil
        }
        _ = try kubectl("wait pod/postgres-0 --for=condition=Ready --timeout=60s")
        #expect(try tools("\(psql) -c 'select count(*) from made_by_script'") == "3\n")
        let log = try kubectl("logs postgres-0")
        #expect(!log.contains("not properly shut down"))
        #expect(!log.contains("making a database"))

        _ = try kubectl("delete pod tools --timeout=60s")

        // What the command line says of all that.
        let list = try cluster.aegis(["image", "list", "-o", "json"])
        #expect(list.contains("\"docker.io/library/postgres:15\""))
        #expect(list.contains("docker.io/aegis/web:latest"))
        let text = try cluster.aegis(["image", "list"])
        let row = text.split(separator: "\n").first { $0.contains("docker.io/library/redis:7-alpine") }
        #expect(row?.hasSuffix("yes") == true)
        #expect(try cluster.aegis(["image", "load", "web"]).contains("loaded"))

        // The next start has nothing to make.
        cluster.kill()
        try cluster.start(Self.platform)
        #expect(!cluster.said.contains("building"))
        #expect(!cluster.said.contains("loading"))

        // Taken down and up again, the database has what it had.
        cluster.kill()
        try cluster.down()
        #expect(try cluster.leftovers() == [])
        try cluster.start(Self.platform)
        #expect(try tools("\(psql) -c 'select count(*) from made_by_script'") == "3\n")

        // A database that is taken down with its cluster has been told to end, and finds nothing to repair.
        #expect(try cluster.command(["down"]).status == 0)
        try cluster.start(Self.platform)
        _ = try kubectl("wait pod/postgres-0 --for=condition=Ready --timeout=60s")
        let restarted = try kubectl("logs postgres-0")
        #expect(restarted.contains("database system was shut down at"), "\(restarted)")
        #expect(!restarted.contains("not properly shut down"))
    }

    private static let platform = """
        apiVersion: v1
        kind: Namespace
        metadata: {name: shop}
        ---
        apiVersion: storage.k8s.io/v1
        kind: StorageClass
        metadata: {name: gp3}
        provisioner: aegis.dev/directory
        volumeBindingMode: WaitForFirstConsumer
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: postgres, namespace: shop}
        spec: {selector: {app: postgres}, ports: [{port: 5432}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: plain, namespace: shop}
        spec: {selector: {app: plain}, ports: [{port: 5432}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: redis, namespace: shop}
        spec: {selector: {app: redis}, ports: [{port: 6379}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: shop}
        spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: configuration, namespace: shop}
        data:
          first.sql: "create table made_by_script (n int); insert into made_by_script values (1), (2);\\n"
          prometheus.yml: |
            global: {scrape_interval: 1s}
            scrape_configs:
            - job_name: self
              static_configs: [{targets: ["localhost:9090"]}]
        ---
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: postgres, namespace: shop}
        spec:
          serviceName: postgres
          selector: {matchLabels: {app: postgres}}
          template:
            metadata: {labels: {app: postgres}}
            spec:
              containers:
              - name: postgres
                image: postgres:15
                env:
                - {name: POSTGRES_DB, value: stock}
                - {name: POSTGRES_USER, value: keeper}
                - {name: POSTGRES_PASSWORD, value: "it's a $ecret"}
                readinessProbe:
                  exec: {command: [pg_isready, -h, 127.0.0.1, -U, keeper]}
                  periodSeconds: 1
                volumeMounts:
                - {name: data, mountPath: /var/lib/postgresql/data}
                - {name: configuration, mountPath: /docker-entrypoint-initdb.d/first.sql, subPath: first.sql}
              volumes: [{name: configuration, configMap: {name: configuration}}]
          volumeClaimTemplates:
          - metadata: {name: data}
            spec: {accessModes: [ReadWriteOnce], storageClassName: gp3, resources: {requests: {storage: 1Gi}}}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: plain, namespace: shop, labels: {app: plain}}
        spec:
          securityContext: {runAsUser: 12345, runAsGroup: 12345, fsGroup: 12345}
          containers:
          - name: postgres
            image: docker.io/library/postgres:15
            env: [{name: POSTGRES_PASSWORD, value: x}, {name: PGDATA, value: /data/pg}]
            readinessProbe: {exec: {command: [pg_isready, -h, 127.0.0.1, -U, postgres]}, periodSeconds: 1}
            volumeMounts: [{name: data, mountPath: /data}]
          volumes: [{name: data, emptyDir: {}}]
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: redis, namespace: shop}
        spec:
          selector: {matchLabels: {app: redis}}
          template:
            metadata: {labels: {app: redis}}
            spec:
              containers:
              - name: redis
                image: redis:7-alpine
                args: [--maxmemory, 64mb]
                readinessProbe: {tcpSocket: {port: 6379}, periodSeconds: 1}
                volumeMounts: [{name: data, mountPath: /data}]
              volumes: [{name: data, emptyDir: {}}]
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: tools, namespace: shop}
        spec:
          terminationGracePeriodSeconds: 1
          containers: [{name: tools, image: aegis/tools, command: [sleep, "3600"]}]
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: web, namespace: shop, labels: {app: web}}
        spec:
          containers:
          - name: web
            image: aegis/web:1
            readinessProbe: {httpGet: {path: /, port: 8080}, periodSeconds: 1}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: prometheus, namespace: shop}
        spec:
          containers:
          - name: prometheus
            image: prom/prometheus
            readinessProbe: {httpGet: {path: /-/ready, port: 9090}, periodSeconds: 1}
            volumeMounts: [{name: configuration, mountPath: /etc/prometheus}]
          volumes: [{name: configuration, configMap: {name: configuration}}]
        """
}

extension Containers {
    /// What `aegis` says to a command on this cluster's data.
    func aegis(_ arguments: [String]) throws -> String {
        guard let programs = Programs.environment else { throw Failed(description: "no programs") }
        let outcome = try run(programs.aegis, arguments + ["--data-dir", data])
        guard outcome.status == 0 else {
            throw Failed(description: "aegis \(arguments): \(outcome.output)\(outcome.errors)")
        }
        return outcome.output
    }
}
