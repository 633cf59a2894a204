/// An image that the runtime has.
public struct RuntimeImage: Sendable, Equatable {
    /// The digest of its configuration.
    public var id: String
    public var tags: [String]
    /// Names with the digest under which a registry gave it; none for an image that was imported.
    public var digests: [String]
    /// Bytes.
    public var size: Int64
    /// The user that the image names; nil when it names none by number.
    public var user: Int64?
    /// The user that the image names by name.
    public var userName: String

    init(_ image: CRIImage) {
        id = image.id
        tags = image.repoTags
        digests = image.repoDigests
        size = Int64(clamping: image.size)
        user = image.hasUid ? image.uid.value : nil
        userName = image.username
    }

    /// As `status.containerStatuses[].imageID` shows it.
    var reference: String { digests.first ?? id }
}

/// How to sign in at a registry.
public struct RegistryAuth: Sendable, Equatable {
    public var username: String
    public var password: String
    public var auth: String
    public var identityToken: String
    public var registryToken: String

    public init(
        username: String = "", password: String = "", auth: String = "", identityToken: String = "",
        registryToken: String = ""
    ) {
        self.username = username
        self.password = password
        self.auth = auth
        self.identityToken = identityToken
        self.registryToken = registryToken
    }
}

extension CRIClient {
    private static let images = "runtime.v1.ImageService"

    public func images() async throws -> [RuntimeImage] {
        try await call(
            "ListImages", of: Self.images, CRIListImagesRequest(), as: CRIListImagesResponse.self
        ).images.map(RuntimeImage.init)
    }

    /// nil when it is not there.
    public func image(_ name: String) async throws -> RuntimeImage? {
        var request = CRIImageStatusRequest()
        request.image.image = name
        let response = try await call(
            "ImageStatus", of: Self.images, request, as: CRIImageStatusResponse.self)
        return response.hasImage && !response.image.id.isEmpty ? RuntimeImage(response.image) : nil
    }

    /// Fetches an image from its registry; there is no time limit but the runtime's own.
    /// - Returns: the reference of what was fetched.
    public func pull(_ name: String, auth: RegistryAuth? = nil) async throws -> String {
        var request = CRIPullImageRequest()
        request.image.image = name
        if let auth {
            request.auth.username = auth.username
            request.auth.password = auth.password
            request.auth.auth = auth.auth
            request.auth.identityToken = auth.identityToken
            request.auth.registryToken = auth.registryToken
        }
        return try await call(
            "PullImage", of: Self.images, request, deadline: .seconds(3_600), as: CRIPullImageResponse.self
        ).imageRef
    }

    public func removeImage(_ name: String) async throws {
        var request = CRIRemoveImageRequest()
        request.image.image = name
        _ = try await call("RemoveImage", of: Self.images, request, as: CRIRemoveImageResponse.self)
    }
}
