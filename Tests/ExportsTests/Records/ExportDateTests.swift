import Foundation
import SCIM
import Testing

@testable import Exports

@Suite struct `Export date` {
    private let utc = TimeZone(secondsFromGMT: 0)!
    private let berlin = TimeZone(identifier: "Europe/Berlin")!

    @Test(arguments: ["0000-00-00", "Never", "Never logged in", "1970-01-01T00:00:00.000Z", "1970-01-01", ""])
    func `is none in the vendors' words for it`(text: String) {
        #expect(ExportDate(text, dialect: .iso, zone: utc) == .none)
    }

    @Test(arguments: [
        ("2024-03-04T09:15:00.000Z", 1_709_543_700), ("2024-03-04T10:15:00+01:00", 1_709_543_700),
        ("2024/03/04 09:15:00", 1_709_543_700), ("2024-03-04 09:15:00Z", 1_709_543_700),
        ("2024-03-04T0415", nil), ("2024-03-04T04:15:00-0500", 1_709_543_700),
    ])
    func `reads ISO 8601 with any offset`(text: String, seconds: Int64?) {
        let date = ExportDate(text, dialect: .iso, zone: utc)
        #expect(date == seconds.map { .instant(Timestamp(rawValue: $0 * 1000)) } ?? .unreadable)
    }

    @Test func `reads US dates only when told so, or when no other order fits`() {
        let day = ExportDate.day(year: 2024, month: 3, day: 4, offsetSeconds: nil)
        #expect(ExportDate("03/04/2024", dialect: .iso, zone: utc) == .ambiguous)
        #expect(ExportDate("03/04/2024", dialect: .us, zone: utc) == day)
        #expect(ExportDate("04/03/2024", dialect: .eu, zone: utc) == day)
        #expect(
            ExportDate("10/31/2026", dialect: .iso, zone: utc)
                == .day(year: 2026, month: 10, day: 31, offsetSeconds: nil))
        #expect(
            ExportDate("31/10/2026", dialect: .iso, zone: utc)
                == .day(year: 2026, month: 10, day: 31, offsetSeconds: nil))
        #expect(
            ExportDate("8/19/2021 1:25:31 PM", dialect: .us, zone: utc)
                == .instant(Timestamp(rawValue: 1_629_379_531_000)))
        #expect(
            ExportDate("8/19/2021 12:00 AM", dialect: .us, zone: utc)
                == .instant(Timestamp(rawValue: 1_629_331_200_000)))
    }

    @Test(arguments: [
        "45355", "2024-13-01", "2023-02-29", "soon", "2024-03-04T25:00:00Z", "1/2/34", "-", "2024-03-04x",
    ])
    func `is unreadable otherwise`(text: String) {
        #expect(ExportDate(text, dialect: .us, zone: utc) == .unreadable)
    }

    @Test func `ends with its day, in its own zone or the team's`() {
        let bare = ExportDate("2024-07-01", dialect: .iso, zone: berlin)
        #expect(bare.start(in: berlin) == Timestamp(rawValue: 1_719_784_800_000))
        #expect(bare.end(in: berlin) == Timestamp(rawValue: 1_719_871_200_000))
        let workday = ExportDate("2024-03-04-08:00", dialect: .iso, zone: berlin)
        #expect(workday == .day(year: 2024, month: 3, day: 4, offsetSeconds: -28_800))
        #expect(workday.end(in: berlin) == Timestamp(rawValue: 1_709_625_600_000))
    }
}
