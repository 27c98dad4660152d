/// J1: what availability of the supported platform is promised, and in which readings it is measured.
package struct AvailabilityTerms: Hashable, Sendable, Codable {
    package enum Reading: String, Hashable, Sendable, Codable, CaseIterable {
        /// The percentage of all hours of the period.
        case period
        /// So many hours on every single day.
        case daily
        /// The percentage of so many hours a day.
        case window
    }

    /// What planned maintenance counts as.
    package enum Planned: String, Hashable, Sendable, Codable, CaseIterable {
        /// Down like any other.
        case counts
        /// Taken out of the period.
        case excluded
    }

    /// In hundredths of a per cent: 98 % is 9800.
    package var percentHundredths: Int
    /// Seconds that the platform is to be up on each day, as 84,600 for 23.5 hours.
    package var secondsPerDay: Int
    /// Which readings are measured and shown.
    package var readings: [Reading]
    /// The one that is a promise; nil: none is marked as binding.
    package var binding: Reading?
    package var plannedMaintenance: Planned

    package init(percentHundredths: Int, secondsPerDay: Int, readings: [Reading], binding: Reading?, plannedMaintenance: Planned) {
        self.percentHundredths = percentHundredths
        self.secondsPerDay = secondsPerDay
        self.readings = readings
        self.binding = binding
        self.plannedMaintenance = plannedMaintenance
    }
}
