import KubeAPI
import KubeEngine
import KubeJSON
import KubeNode

extension CRIRuntime {
    func takeImages(_ images: [RuntimeImage]) {
        var byName: [String: RuntimeImage] = [:]
        for image in images {
            byName[image.id] = image
            for name in image.tags + image.digests { byName[ImageName.normalized(name)] = image }
        }
        state.withLock { $0.images = byName }
    }

    /// The images of the machine as a Node's status lists them, the biggest first, fifty at most.
    public var nodeImages: [JSON] {
        var unique: [String: RuntimeImage] = [:]
        for image in state.withLock({ Array($0.images.values) }) { unique[image.id] = image }
        let sorted = unique.values.sorted { ($1.size, $0.id) < ($0.size, $1.id) }
        return sorted.prefix(50).map { image in
            [
                "names": .array((image.digests + image.tags).map { .string($0) }),
                "sizeBytes": .integer(image.size),
            ]
        }
    }

    func pull(_ index: Int, of pod: PodIdentity) async {
        guard let entry = entry(pod), let container = entry.container(index) else { return }
        let name = container["image"]?.string ?? ""
        let isAlways = entry.shape.containers[index].pullPolicy == "Always"
        do {
            let image = try await fetch(name, isAlways: isAlways, entry)
            let now = WallClock.now()
            update(pod) { entry in
                // The container may have been given another image meanwhile, whose pull this is not.
                guard entry.shape.containers[index].image == name else { return }
                entry.observation.pulls[index]?.ended = now
                entry.observation.pulls[index]?.outcome = .done(imageID: image.reference, size: image.size)
            }
        } catch {
            let now = WallClock.now()
            update(pod) { entry in
                guard entry.shape.containers[index].image == name else { return }
                entry.observation.pulls[index]?.ended = now
                entry.observation.pulls[index]?.outcome = .failed("\(error)")
            }
        }
    }

    /// An image that is there is asked for again only where the policy says so and a registry once gave it:
    /// of one that was made here no registry knows.
    private func fetch(_ name: String, isAlways: Bool, _ entry: PodEntry) async throws -> RuntimeImage {
        let present = try await whileAway { [client] in try await client.image(name) }
        if let present, !isAlways || present.digests.isEmpty {
            remember(present, as: name)
            return present
        }
        if present == nil, try await makeImage(name), let made = try await client.image(name) {
            remember(made, as: name)
            return made
        }
        let secrets = (entry.object["spec"]?["imagePullSecrets"]?.array ?? []).compactMap { reference in
            reference["name"]?.string.flatMap { objects.object(.secrets, entry.identity.namespace, $0) }
        }
        var auths: [RegistryAuth?] = PullCredentials.auths(for: name, secrets: secrets)
        if auths.isEmpty { auths = [nil] }
        var failure: (any Error)?
        for auth in auths {
            do {
                _ = try await whileAway { [client] in try await client.pull(name, auth: auth) }
                failure = nil
                break
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        guard let image = try await client.image(name) else {
            throw CRIError(
                kind: .notFound, description: "rpc error: code = NotFound desc = image \"\(name)\" not found")
        }
        remember(image, as: name)
        return image
    }

    private func remember(_ image: RuntimeImage, as name: String) {
        state.withLock { $0.images[ImageName.normalized(name)] = image }
    }
}
