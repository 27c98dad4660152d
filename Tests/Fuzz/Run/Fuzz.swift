import AbideFuzzing
import Glibc

// Called by libFuzzer, which brings the program's main. Two variables of the environment say what to do: ABIDE_FUZZ_TARGET names the parser;
// ABIDE_FUZZ_SEEDS names a folder into which every parser's seeds are written, in a folder of its own each, and then the program ends.

private let target: FuzzTarget = {
    guard let name = variable("ABIDE_FUZZ_TARGET"), let found = FuzzTarget(rawValue: name) else {
        fail("ABIDE_FUZZ_TARGET: which parser? " + FuzzTarget.allCases.map(\.rawValue).joined(separator: " "))
    }
    return found
}()

@_cdecl("LLVMFuzzerInitialize")
public func initialize(count: UnsafeMutableRawPointer?, arguments: UnsafeMutableRawPointer?) -> CInt {
    if let folder = variable("ABIDE_FUZZ_SEEDS") {
        for target in FuzzTarget.allCases { writeSeeds(of: target, to: "\(folder)/\(target.rawValue)") }
        exit(0)
    }
    _ = target
    return 0
}

@_cdecl("LLVMFuzzerTestOneInput")
public func takeOne(bytes: UnsafePointer<UInt8>?, size: Int) -> CInt {
    target.take(Array(UnsafeBufferPointer(start: bytes, count: size)))
    return 0
}

private func writeSeeds(of target: FuzzTarget, to folder: String) {
    mkdir(folder, 0o777)
    for (number, seed) in target.seeds.enumerated() {
        guard let file = fopen("\(folder)/seed-\(number)", "wb") else { fail("\(folder): can't be written") }
        fwrite(seed, 1, seed.count, file)
        fclose(file)
    }
}

private func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

private func fail(_ text: String) -> Never {
    let line = Array("abide-fuzz: \(text)\n".utf8)
    write(2, line, line.count)
    exit(64)
}
