/// Nodes that have the images are better, the more so the larger these are and the more nodes have them.
enum ImageLocality {
    private static let megabyte: Int64 = 1024 * 1024
    private static let least = 23 * megabyte
    private static let mostPerContainer = 1000 * megabyte

    static func score(_ shape: PodShape, _ node: NodeDescription, _ nodes: NodeTable) -> Int32 {
        if node.images.isEmpty || shape.containerCount == 0 { return 0 }
        var sum: Int64 = 0
        for name in shape.images where node.images.contains(where: { $0.name == name }) {
            guard let image = nodes.images[name] else { continue }
            sum += Int64(Double(image.size) * (Double(image.nodes) / Double(nodes.count)))
        }
        let most = mostPerContainer * Int64(shape.containerCount)
        return Int32(100 * (min(max(sum, least), most) - least) / (most - least))
    }
}
