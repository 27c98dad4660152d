/// An agreement that can be executed: a version's terms with their calendars, expanded.
package final class Agreement: Sendable {
    package let terms: AgreementTerms
    private let calendars: [String: WorkingCalendar]
    private let standard: WorkingCalendar
    private let bySeverity: [WorkingCalendar]
    /// The zone of the provider's place, in which its dates begin; nil: the rules of that zone are not there.
    package let providerZone: ZoneRules?

    /// `rules` gives a zone's table by name; the core reads no files.
    package init(_ terms: AgreementTerms, rules: (String) throws -> ZoneRules) throws {
        self.terms = terms
        providerZone = try? rules(terms.provider.zone)
        var calendars: [String: WorkingCalendar] = [:]
        for calendar in terms.calendars {
            calendars[calendar.name] = try WorkingCalendar(terms: calendar, zone: try rules(calendar.zone))
        }
        self.calendars = calendars
        guard let standard = calendars[terms.defaultCalendar] else { throw AgreementWithoutCalendar(name: terms.defaultCalendar) }
        self.standard = standard
        bySeverity = (0...4).map { number in terms.severity(number).flatMap { calendars[$0.calendar] } ?? standard }
    }

    /// What counts where no severity says otherwise.
    package var defaultCalendar: WorkingCalendar { standard }

    package func calendar(ofSeverity number: Int) -> WorkingCalendar {
        bySeverity.indices.contains(number) ? bySeverity[number] : standard
    }

    /// A span in working seconds of a calendar; nil for working days of a week that is never open.
    package func seconds(_ span: Span, calendar: WorkingCalendar) -> Int64? {
        switch span {
        case .seconds(let seconds): seconds
        case .workingDays(let days): calendar.nominalDay.map { $0 * Int64(days) }
        }
    }

    /// `span` of working time after `instant`, on the default calendar.
    package func instant(after instant: Instant, _ span: Span) -> Instant? {
        seconds(span, calendar: standard).flatMap { standard.instant(after: instant, working: $0) }
    }

    package func suspensionReason(_ name: String) -> SuspensionReason? { terms.suspensionReasons.first { $0.name == name } }
}

package struct AgreementWithoutCalendar: Error {
    package var name: String
}
