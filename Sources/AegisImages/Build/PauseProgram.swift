/// The program that holds a pod's namespaces: it waits for a signal to end and takes away processes that lost
/// their parent. It is so small that its machine code is written here, and no compiler is needed for it.
enum PauseProgram {
    /// An executable of one segment; nil for a machine that it was not written for.
    /// - Parameter architecture: as Debian and image configurations call it.
    static func executable(_ architecture: String) -> [UInt8]? {
        let machine: UInt16
        let code: [UInt8]
        switch architecture {
        case "amd64": (machine, code) = (62, x86)
        case "arm64": (machine, code) = (183, arm)
        default: return nil
        }
        // The signals HUP, INT and TERM; then the handling of CHLD: ignore, and keep no zombies.
        let data =
            little(UInt64(0x4003)) + little(UInt64(1)) + little(UInt64(2)) + little(UInt64(0))
            + little(UInt64(0))
        let start: UInt64 = 0x40_0000
        let headers = 64 + 56
        let size = UInt64(headers + code.count + data.count)
        var file: [UInt8] = [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]
        file += little(UInt16(2)) + little(machine) + little(UInt32(1))
        file += little(start + UInt64(headers)) + little(UInt64(64)) + little(UInt64(0)) + little(UInt32(0))
        file += little(UInt16(64)) + little(UInt16(56)) + little(UInt16(1)) + little(UInt16(0))
        file += little(UInt16(0)) + little(UInt16(0))
        file += little(UInt32(1)) + little(UInt32(5)) + little(UInt64(0)) + little(start) + little(start)
        file += little(size) + little(size) + little(UInt64(0x1000))
        return file + code + data
    }

    private static func little<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
        withUnsafeBytes(of: number.littleEndian) { Array($0) }
    }

    // Both: rt_sigaction(CHLD, act), rt_sigprocmask(BLOCK, set), then rt_sigtimedwait(set) until it gives a
    // signal, and exit_group(0). Signals are waited for and not handled, because the first process of a
    // namespace gets none that it does not handle, but for those that it blocks. Addresses are relative to the
    // instruction, and `set` and `act` follow the code.

    private static let x86: [UInt8] = [
        0xB8, 0x0D, 0x00, 0x00, 0x00,  // mov eax, 13 (rt_sigaction)
        0xBF, 0x11, 0x00, 0x00, 0x00,  // mov edi, 17 (CHLD)
        0x48, 0x8D, 0x35, 0x4F, 0x00, 0x00, 0x00,  // lea rsi, [act]
        0x31, 0xD2,  // xor edx, edx
        0x41, 0xBA, 0x08, 0x00, 0x00, 0x00,  // mov r10d, 8
        0x0F, 0x05,  // syscall
        0xB8, 0x0E, 0x00, 0x00, 0x00,  // mov eax, 14 (rt_sigprocmask)
        0x31, 0xFF,  // xor edi, edi (BLOCK)
        0x48, 0x8D, 0x35, 0x2F, 0x00, 0x00, 0x00,  // lea rsi, [set]
        0x31, 0xD2,  // xor edx, edx
        0x41, 0xBA, 0x08, 0x00, 0x00, 0x00,  // mov r10d, 8
        0x0F, 0x05,  // syscall
        0xB8, 0x80, 0x00, 0x00, 0x00,  // wait: mov eax, 128 (rt_sigtimedwait)
        0x48, 0x8D, 0x3D, 0x19, 0x00, 0x00, 0x00,  // lea rdi, [set]
        0x31, 0xF6,  // xor esi, esi
        0x31, 0xD2,  // xor edx, edx
        0x41, 0xBA, 0x08, 0x00, 0x00, 0x00,  // mov r10d, 8
        0x0F, 0x05,  // syscall
        0x85, 0xC0,  // test eax, eax
        0x78, 0xE4,  // js wait
        0xB8, 0xE7, 0x00, 0x00, 0x00,  // mov eax, 231 (exit_group)
        0x31, 0xFF,  // xor edi, edi
        0x0F, 0x05,  // syscall
    ]

    private static let arm: [UInt8] =
        [
            0xD280_10C8,  // mov x8, 134 (rt_sigaction)
            0xD280_0220,  // mov x0, 17 (CHLD)
            0x1000_02C1,  // adr x1, act
            0xD280_0002,  // mov x2, 0
            0xD280_0103,  // mov x3, 8
            0xD400_0001,  // svc 0
            0xD280_10E8,  // mov x8, 135 (rt_sigprocmask)
            0xD280_0000,  // mov x0, 0 (BLOCK)
            0x1000_01C1,  // adr x1, set
            0xD280_0002,  // mov x2, 0
            0xD280_0103,  // mov x3, 8
            0xD400_0001,  // svc 0
            0xD280_1128,  // wait: mov x8, 137 (rt_sigtimedwait)
            0x1000_0120,  // adr x0, set
            0xD280_0001,  // mov x1, 0
            0xD280_0002,  // mov x2, 0
            0xD280_0103,  // mov x3, 8
            0xD400_0001,  // svc 0
            0x37FF_FF40,  // tbnz w0, 31, wait
            0xD280_0BC8,  // mov x8, 94 (exit_group)
            0xD280_0000,  // mov x0, 0
            0xD400_0001,  // svc 0
        ].flatMap { (word: UInt32) in little(word) }
}
