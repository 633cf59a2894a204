import Testing

@testable import AegisCluster

@Suite struct MachineImagesTests {
    @Test func namesOfOthersAreLeftAlone() {
        let names = ["free", "kept", "changed", "theirs"]
        let ours = MachineImages.ours(
            names, present: ["kept": "sha256:1", "changed": "sha256:2", "theirs": "sha256:1"],
            notes: ["kept": ["key": "k", "id": "sha256:1"], "changed": ["key": "k", "id": "sha256:1"]])
        #expect(ours == ["free", "kept"])
    }

    /// One that was removed from the store is made again, whatever the notes say of it.
    @Test func aNameThatIsGoneIsFree() {
        let notes = MachineImages.ours(
            ["gone"], present: [:], notes: ["gone": ["key": "k", "id": "sha256:1"]])
        #expect(notes == ["gone"])
    }
}
