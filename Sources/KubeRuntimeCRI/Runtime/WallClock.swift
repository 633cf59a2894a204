import KubeAPI

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The time of things that happen outside of any controller.
enum WallClock {
    static func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(seconds: Int64(time.tv_sec), nanoseconds: Int32(time.tv_nsec))
    }
}
