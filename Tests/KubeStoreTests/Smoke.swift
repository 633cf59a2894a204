import Testing
@testable import KubeStore

@Suite struct KubeStoreSmoke {}
