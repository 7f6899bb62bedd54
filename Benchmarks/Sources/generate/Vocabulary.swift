/// What people, places and jobs are called here. All invented; names carry the letters that real directories carry.
struct Vocabulary {
    /// A name as it is written and as it stands in an address.
    struct Name {
        let written: [UInt8]
        let address: [UInt8]
        init(_ written: String, _ address: String) {
            self.written = Array(written.utf8)
            self.address = Array(address.utf8)
        }
    }

    let givenNames: [Name]
    let surnames: [Name]
    let titles: [[UInt8]]
    let departments: [[UInt8]]
    let companies: [[UInt8]]
    let domains: [[UInt8]]
    let streets: [[UInt8]]
    let places: [Place]

    struct Place {
        let city, state, postalCode, country, callingCode: [UInt8]
        init(_ city: String, _ state: String, _ postalCode: String, _ country: String, _ callingCode: String) {
            self.city = Array(city.utf8)
            self.state = Array(state.utf8)
            self.postalCode = Array(postalCode.utf8)
            self.country = Array(country.utf8)
            self.callingCode = Array(callingCode.utf8)
        }
    }

    init() {
        func bytes(_ text: String) -> [[UInt8]] { text.split(separator: "|").map { Array($0.utf8) } }
        func names(_ text: String) -> [Name] {
            text.split(separator: " ").map { entry in
                let parts = entry.split(separator: "/", maxSplits: 1).map { String($0.replacing("_", with: " ")) }
                return Name(parts[0], parts.count > 1 ? parts[1] : parts[0].lowercased())
            }
        }
        givenNames = names(
            """
            Ada Adam Aisha Alan Alice Amir Ana Anders Andrea Anna Anton Ben Björn/bjorn Boris Carla Carlos Chen Chloé/chloe \
            Clara Dana Daniel David Dmitri Elena Élise/elise Emil Emma Erik Eva Fatima Felix Finn Frida François/francois \
            Gábor/gabor Grace Greta Hana Hannah Hans Helen Hugo Ida Igor İpek/ipek Irene Ivan Jack Jakub Jan Jana \
            Jean-Luc/jean-luc Jens Jin Johan José/jose Julia Jürgen/jurgen Kai Karin Karl Kenji Kim Klara Kwame Lars Laura \
            Lea Leo Lily Linda Luca Lucía/lucia Łukasz/lukasz Maja Marc Maria María_José/maria-jose Marta Max Mei Mia \
            Michał/michal Mila Mohammed Nadia Nina Noah Nora Olga Oliver Omar Oskar Paul Pavel Peter Petra Rachel Raj Renée/renee \
            Rosa Sam Samira Sara Simon Siobhán/siobhan Sofia Søren/soren Stefan Tariq Teresa Theo Thị_Hương/huong Tim \
            Tomáš/tomas Uma Vera Viktor Wei Yuki Yusuf Zoë/zoe Žofie/zofie
            """)
        surnames = names(
            """
            Adams Ahmed Almeida Andersen Ångström/angstrom Bakker Baptiste Bauer Becker Berg Bianchi Blanc Boateng Brown \
            Campbell Carter Castro Chan Chen Clark Costa Cruz D'Arcy/darcy Dąbrowski/dabrowski Davies Díaz/diaz Dubois Dvořák/dvorak \
            Eriksen Evans Fernández/fernandez Ferrari Fischer Fontaine Foster Fournier Fuchs García_López/garcia-lopez Garcia \
            Gómez/gomez Gonzalez Gray Green Gupta Haas Hall Hansen Harris Hernandez Hoffmann Horváth/horvath Hughes Ibrahim \
            Işık/isik Ito Ivanov Jackson Jansen Jensen Johansson Jones Kaya Keller Khan Kim King Klein Koch Kovács/kovacs \
            Kowalski Kumar Lambert Larsen Lee Lefèvre/lefevre Lehmann Leroy Lewis Li Lindqvist Lopez Lund Maier Martin \
            Martínez/martinez Mensah Meyer Miller Moore Moreau Morris Müller/muller Murphy Nagy Nakamura Nguyễn/nguyen Nielsen \
            Novák/novak Nováková/novakova O'Brien/obrien O'Connor/oconnor Okafor Olsen Øvergård/overgard Park Parker Patel Pavlov \
            Pereira Petrov Popescu Ramirez Reyes Richter Roberts Rossi Roux Ruiz Russo Sánchez/sanchez Santos Sato Schmidt Schneider \
            Schröder/schroder Silva Simon Singh Smith Söderberg/soderberg Suzuki Svensson Szabó/szabo Takahashi Tanaka Taylor \
            Thomas Thompson Torres Tóth/toth Turner Van_Dijk/vandijk Vargas Vogel Wagner Walker Wang Weber White Williams Wilson \
            Wójcik/wojcik Wolf Wood Wright Yamamoto Yilmaz/yilmaz Young Zhang Zimmermann
            """)
        titles = bytes(
            """
            Account Executive|Account Manager|Accountant|Analyst|Application Engineer|Assistant|Backend Engineer|Buyer|\
            Controller|Customer Success Manager|Data Analyst|Data Engineer|Designer|Developer|Director, Partnerships|\
            Electrician|Engineer|Engineering Manager|Events Manager|Facilities Manager|Field Technician|Finance Manager|\
            Head of People|HR Partner|Inside Sales|Intern|IT Administrator|Key Account Manager|Legal Counsel|Logistics Planner|\
            Machinist|Marketing Manager|Nurse|Office Manager|Operations Lead|Paralegal|Payroll Specialist|Planner|\
            Procurement Manager|Product Manager|Product Owner|Project Manager|QA Engineer|Quality Manager|Receptionist|\
            Recruiter|Regional Manager, EMEA|Research Scientist|Sales Development Representative|Sales Engineer|\
            Security Engineer|Service Desk Analyst|Solutions Architect|Staff Engineer|Support Engineer|Team Lead|\
            Technical Writer|Trainee|VP "Field" Sales|Warehouse Lead
            """)
        departments = bytes(
            """
            Accounting|Customer Success|Data Platform|Design|Engineering|Facilities|Field Service|Finance|HR|Infrastructure|\
            IT|Legal|Logistics|Manufacturing|Marketing|Operations|Payroll|People|Procurement|Product|Quality|R&D; Labs|\
            Research|Sales, Americas|Sales, APAC|Sales, EMEA|Security|Support|The "A" Team|Warehouse
            """)
        companies = bytes("Halden Works|Halden Works GmbH|Brightwater Foods, Inc.|Kestrel Logistics|Møllebæk A/S")
        domains = bytes("halden.example|works.example|bright.example|kestrel.example|moll.example")
        streets = bytes(
            """
            Main St|Elm Street|Bahnhofstraße|Rue de la Gare|Calle Mayor|Via Roma|Strandvägen|Harbour Road|Market Square|\
            Oxford Road|Nørregade|Ulica Długa|Kirchweg|Station Road|Avenida da Liberdade
            """)
        places = [
            Place("Berlin", "Berlin", "10117", "Germany", "49"), Place("München", "Bayern", "80331", "Germany", "49"),
            Place("Oslo", "Oslo", "0150", "Norway", "47"),
            Place("London", "England", "EC1A 1BB", "United Kingdom", "44"),
            Place("Paris", "Île-de-France", "75001", "France", "33"),
            Place("Chicago", "IL", "60601", "United States", "1"),
            Place("New York", "NY", "10001", "United States", "1"),
            Place("São Paulo", "SP", "01000-000", "Brazil", "55"),
            Place("Kraków", "Małopolskie", "31-000", "Poland", "48"),
            Place("Tokyo", "Tokyo", "100-0001", "Japan", "81"),
            Place("Bengaluru", "Karnataka", "560001", "India", "91"),
            Place("Accra", "Greater Accra", "GA-184", "Ghana", "233"),
        ]
    }
}
