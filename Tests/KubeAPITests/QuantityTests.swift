import Testing

@testable import KubeAPI
import KubeJSON

@Suite struct QuantityTests {
    @Test(arguments: [
        ("1000m", "1"), ("0.5", "500m"), ("1024Mi", "1Gi"), ("1.5Gi", "1536Mi"), ("100", "100"),
        ("1e3", "1e3"),
        ("12e2", "1200"), ("1024", "1024"), ("0.1n", "1n"), ("1.1u", "1100n"), ("-1500m", "-1500m"),
        ("0", "0"),
        ("00", "0"), ("1000", "1k"), ("1000k", "1M"), ("512Ki", "512Ki"), ("0.5Ki", "512"),
        ("2000Ki", "2000Ki"),
        ("2048Ki", "2Mi"), ("+5", "+5"), ("1.500", "1.500"),
        ("123456789012345678901", "123456789012345678901"),
        ("1.23Ki", "1259520m"), ("9999Ei", "9223372036854775807"), ("1E", "1E"), ("64", "64"),
        ("0.001", "1m"),
    ])
    func canonical(text: String, expected: String) throws {
        #expect(try Quantity.parse(text).description == expected)
    }

    @Test func refuses() {
        for text in ["", "1.2.3", "1i", "1KiB", "a", "1 Gi", "1mm", "1e", "Gi1"] {
            #expect(Quantity(text) == nil, "\(text)")
        }
    }

    @Test func arithmetic() throws {
        let a = try Quantity.parse("1500m")
        let b = try Quantity.parse("2")
        #expect((a + b).description == "3500m")
        #expect((a - b).description == "-500m")
        #expect(a < b)
        #expect(a.wholeValue == 2)
        #expect(a.milliValue == 1500)
        #expect(b.milliValue == 2000)
        #expect(!a.isWhole)
        #expect((Quantity.zero + Quantity(2 << 20, format: .binarySI)).description == "2Mi")
    }

    /// Reading back the canonical text gives the same number, and order and sums agree with integers.
    @Test func properties() throws {
        let seed = UInt64.random(in: 0 ... .max)
        var state = seed
        func next(_ bound: Int64) -> Int64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int64(state >> 20) % bound
        }
        for _ in 0..<2_000 {
            let x = next(1_000_000_000) - 500_000_000
            let y = next(1_000_000_000) - 500_000_000
            let a = Quantity(milli: x, format: next(2) == 0 ? .decimalSI : .binarySI)
            let b = Quantity(milli: y)
            #expect(Quantity(a.canonical) == a, "seed \(seed)")
            #expect((a + b).milliValue == x + y, "seed \(seed)")
            #expect((a < b) == (x < y), "seed \(seed)")
        }
    }
}

@Suite struct TimeTests {
    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("2000-02-29T23:59:59Z", 951_868_799), ("1969-12-31T23:59:59Z", -1),
            ("2026-11-23T01:00:00+09:00", 1_795_363_200), ("0001-01-01T00:00:00Z", -62_135_596_800),
        ] as [(String, Int64)])
    func parses(text: String, seconds: Int64) throws {
        let time = try #require(Timestamp(text))
        #expect(time.seconds == seconds)
        #expect(Timestamp(time.rfc3339) == time)
    }

    @Test func refuses() {
        for text in [
            "", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z", "2026-01-01 00:00:00Z", "2026-01-01T00:00:00",
        ] {
            #expect(Timestamp(text) == nil, "\(text)")
        }
        #expect(Timestamp("2026-01-01T00:00:00.1234567Z")?.rfc3339Micro == "2026-01-01T00:00:00.123456Z")
    }

    @Test(arguments: [
        ("1h2m3s", "1h2m3s"), ("90m", "1h30m0s"), ("1.5s", "1.5s"), ("300ms", "300ms"), ("0", "0s"),
        ("-1.5h", "-1h30m0s"),
        ("1us", "1µs"), ("10s", "10s"),
    ])
    func durations(text: String, expected: String) { #expect(GoDuration(text)?.description == expected) }

    @Test func refusesDurations() {
        for text in ["", "1", "s", "1x", "1h-2m", "9999999999h"] {
            #expect(GoDuration(text) == nil, "\(text)")
        }
    }
}
