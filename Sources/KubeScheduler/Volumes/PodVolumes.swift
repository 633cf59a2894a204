import KubeJSON

/// The volumes of a pod that decide where it may go; most pods have none.
struct PodVolumes: Sendable, Equatable {
    struct Claim: Sendable, Equatable {
        let name: String
        /// It is made for the pod, from a template in its spec.
        let isEphemeral: Bool
    }

    /// A disk that several pods of a node may share only when all read it.
    struct Disk: Sendable, Equatable {
        let identity: String
        let isReadOnly: Bool
    }

    private(set) var claims: [Claim] = []
    private(set) var disks: [Disk] = []

    init?(_ pod: JSON) {
        guard let volumes = pod["spec"]?["volumes"]?.array else { return nil }
        for volume in volumes {
            if let claim = volume["persistentVolumeClaim"]?["claimName"]?.string {
                claims.append(Claim(name: claim, isEphemeral: false))
            } else if let ephemeral = volume["ephemeral"], !ephemeral.isNull {
                let name = pod["metadata"]?["name"]?.string ?? ""
                claims.append(Claim(name: "\(name)-\(volume["name"]?.string ?? "")", isEphemeral: true))
            } else if let disk = Self.disk(volume) {
                disks.append(disk)
            }
        }
        if claims.isEmpty, disks.isEmpty { return nil }
    }

    private static func disk(_ volume: JSON) -> Disk? {
        if let disk = volume["gcePersistentDisk"], let name = disk["pdName"]?.string {
            return Disk(identity: "gce/\(name)", isReadOnly: disk["readOnly"]?.bool ?? false)
        }
        if let disk = volume["awsElasticBlockStore"], let name = disk["volumeID"]?.string {
            return Disk(identity: "aws/\(name)", isReadOnly: false)
        }
        if let disk = volume["iscsi"], let name = disk["iqn"]?.string {
            return Disk(identity: "iscsi/\(name)", isReadOnly: disk["readOnly"]?.bool ?? false)
        }
        if let disk = volume["rbd"], let image = disk["image"]?.string {
            let monitors = (disk["monitors"]?.array?.compactMap(\.string) ?? []).sorted(by: utf8Less)
            let pool = disk["pool"]?.string ?? "rbd"
            return Disk(
                identity: "rbd/\(monitors.joined(separator: ","))/\(pool)/\(image)",
                isReadOnly: disk["readOnly"]?.bool ?? false)
        }
        return nil
    }

    func conflicts(with other: PodVolumes) -> Bool {
        disks.contains { disk in
            other.disks.contains { $0.identity == disk.identity && !($0.isReadOnly && disk.isReadOnly) }
        }
    }
}
