import Testing

@testable import KubeServer

@Suite struct HTTPDateTests {
    @Test func formatsAsHTTPWants() {
        #expect(HTTPDate.format(784_111_777) == "Sun, 06 Nov 1994 08:49:37 GMT")
    }
}
