import Testing
@testable import KubeAPI

@Suite struct KubeAPISmoke {}
