import AegisImages

/// Makes the images that pods name while a cluster is up, one after another: what is asked for twice at once is made
/// once.
actor ImageMaker {
    private let images: MachineImages
    private var last: Task<Bool, any Error>?

    init(_ images: MachineImages) { self.images = images }

    /// - Returns: false when no recipe has the name.
    func make(_ name: String) async throws -> Bool {
        let before = last
        let images = images
        let task = Task {
            _ = await before?.result
            return try await images.make(name)
        }
        last = task
        return try await task.value
    }
}
