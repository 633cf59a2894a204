import Testing
@testable import KubeServer

@Suite struct KubeServerSmoke {}
