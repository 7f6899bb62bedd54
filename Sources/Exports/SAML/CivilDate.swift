/// A day of the proleptic Gregorian calendar, and the time of it.
struct CivilDate {
    var year: Int64
    var month: Int64
    var day: Int64
    var millisecondOfDay: Int64

    init(milliseconds: Int64) {
        let days = Self.floorDivide(milliseconds, 86_400_000)
        millisecondOfDay = milliseconds - days * 86_400_000
        // Years that begin in March put the leap day last, so that months before it always count the same.
        let shifted = days + 719_468
        let era = Self.floorDivide(shifted, 146_097)
        let ofEra = shifted - era * 146_097
        let yearOfEra = (ofEra - ofEra / 1_460 + ofEra / 36_524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let march = (5 * ofYear + 2) / 153
        month = march < 10 ? march + 3 : march - 9
        day = ofYear - (153 * march + 2) / 5 + 1
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// Days since 1970-01-01.
    static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let year = month <= 2 ? year - 1 : year
        let era = floorDivide(year, 400)
        let ofEra = year - era * 400
        let ofYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + ofEra * 365 + ofEra / 4 - ofEra / 100 + ofYear - 719_468
    }

    private static func floorDivide(_ a: Int64, _ b: Int64) -> Int64 { a >= 0 ? a / b : (a - b + 1) / b }
}
