import Testing

@testable import KubeNode

@Suite struct ImageReferenceTests {
    @Test(arguments: [
        "busybox", "busybox:1.36", "a/b-c__d.e:T_1.-", "localhost/x", "localhost:5000/x:1", "R.io/x/y",
        "x@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "r.io/x:1@sha256:0123456789abcdef0123456789abcdef",
    ])
    func names(_ text: String) {
        #expect(ImageReference.problem(text) == nil)
    }

    @Test(arguments: [
        "", ":1", "a//b", "a_-b", "a___b", "-a", "x:", "x:.1", "x@sha256:12", "inv@lid:1", "a b", "x:1/y:2/",
    ])
    func noNames(_ text: String) {
        #expect(ImageReference.problem(text) == "invalid reference format")
    }

    @Test func namesInCapitals() throws {
        let problem = "invalid reference format: repository name (Ab/c) must be lowercase"
        #expect(ImageReference.problem("r.io/Ab/c:1") == problem)
        let world = try NodeWorld()
        try world.pod("p", container: ["image": "r.io/Ab/c:1"])
        world.run(1)
        let words =
            "Failed to apply default image tag \"r.io/Ab/c:1\": couldn't parse image name \"r.io/Ab/c:1\": "
            + problem
        #expect(try world.waiting("p") == ("InvalidImageName", words))
        world.run(30)
        #expect(
            try world.events("p") == [
                "Warning InspectFailed " + words, "Warning Failed Error: InvalidImageName",
            ])
    }
}
