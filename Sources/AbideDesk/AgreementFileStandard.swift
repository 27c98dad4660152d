import Foundation

extension AgreementFile {
    /// The text of `agreements/standard.yaml`, which is in force where nobody names another. It is built into the program, so
    /// that an installed one needs no file.
    package static let standardYAML = String(decoding: PackageResources.standard_yaml, as: UTF8.self)
}

/// An agreement file that cannot be taken from the disk; says which, and what to do.
package struct AgreementFileUnreadable: Error, CustomStringConvertible {
    package var description: String
}

extension AgreementFile {
    /// Reads the file at `path` with those beside it.
    /// - Throws: `AgreementFileUnreadable` where the file itself cannot be taken from the disk.
    package static func load(path: String, knows: (String) -> Bool = { (try? ZoneFiles().rules($0)) != nil }) throws(AgreementFileUnreadable) -> (yaml: String, reading: AgreementReading) {
        let yaml = try text(at: path)
        let folder = (path as NSString).deletingLastPathComponent
        let reading = load(yaml: yaml, fileName: path, knows: knows) { name in
            (try? text(at: folder.isEmpty ? name : folder + "/" + name)) ?? standardBeside(name)
        }
        return (yaml, reading)
    }

    /// The text of a file, for `read`.
    /// - Throws: `AgreementFileUnreadable` for what is missing, no file, not allowed, larger than 1 MB or not UTF-8.
    package static func text(at path: String) throws(AgreementFileUnreadable) -> String {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw AgreementFileUnreadable(description: "\(path): there is no such file; give the path of an agreement file, as agreements/standard.yaml")
        }
        guard !isFolder.boolValue else {
            throw AgreementFileUnreadable(description: "\(path) is a folder; give the path of an agreement file in it")
        }
        // One byte more than the limit is enough to know that the file is too large.
        guard let handle = FileHandle(forReadingAtPath: path), let data = try? handle.read(upToCount: AgreementText.byteLimit + 1) ?? Data() else {
            throw AgreementFileUnreadable(description: "\(path) cannot be read; allow this account to read it")
        }
        guard data.count <= AgreementText.byteLimit else {
            throw AgreementFileUnreadable(description: "\(path) is larger than 1 MB; an agreement has some 10 KB")
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw AgreementFileUnreadable(description: "\(path) is not text in UTF-8; save it as UTF-8")
        }
        return text
    }
}
