import GRDB

extension StoreError {
    /// Whether the engine, either of them, could not write because its disk is full.
    package static func isLackOfRoom(_ error: any Error) -> Bool {
        (error as? DatabaseError)?.resultCode == .SQLITE_FULL || (error as? PostgreSQLError)?.sqlState == "53100"
    }

    /// Whether the engine failed whatever was to be written: its disk, its server, the way to it. The same again may well succeed, and nothing
    /// is said about the content.
    package static func isOfEngine(_ error: any Error) -> Bool {
        switch error {
        case let fault as DatabaseError:
            [.SQLITE_FULL, .SQLITE_IOERR, .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_NOMEM, .SQLITE_PROTOCOL, .SQLITE_INTERRUPT].contains(fault.resultCode)
        case let fault as PostgreSQLError:
            // 53: no room, no memory, too many connections; 57: stopped by an operator; 58: its own disk.
            fault.isOfConnection || fault.isOfConcurrency || ["53", "57", "58"].contains { fault.sqlState.hasPrefix($0) }
        case let fault as StoreError:
            switch fault {
            case .unreachable, .busy, .closed: true
            default: false
            }
        default: false
        }
    }
}
