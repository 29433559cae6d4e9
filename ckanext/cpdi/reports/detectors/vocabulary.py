"""Words with a capital in reports that are nobody's name: of offences, of the police, of places, of calendars."""

from __future__ import annotations

PLACES = frozenset(
    """
    alley apartments area arena ave avenida avenue bay beach blvd boulevard bridge building calle campus
    cemetery center centre chapel church circle city ciudad club college community condado corridor cottages
    county court courthouse courtyard cove creek crossing ct cv dr drive elementary escuela estates expressway
    expy farms fields garage gardens gate green grove harbor heights high highlands highway hill hills hospital
    hotel house hwy iglesia inn isla island islands isle jail jr junction lake lakes landing lane library ln
    loop mall manor marina market marsh meadows memorial middle monument motel museum neighborhood oaks office
    park parking parkway parque pier pines pk pkwy pl place plantation plaza point pond port preserve rd ridge
    river road row run school shelter shopping shores sq square st station store street suites terrace theater
    theatre towers town townhomes trail trl university village villas way wharf woods yard zoo
    """.split()
)
"""What stands behind the name of a place or a street."""

ORDINARY = frozenset(
    """
    a about access accident accidents action active activity administrative adult adultos age aged agency agente
    aggravated aggression agresion all allegation allegations am american amount an analysis analyst and animal
    annual any apparent apr april area arma armed arrest arrested arresto arrests arson as asalto asian assault
    assaults assigned assistant at attempt attempted aug august auto average ano bank based battery beat beats
    behavior below bias bicycle black body branch bureau burglaries burglary business by call calls canine
    captain carolina case cases caso category central change charge charged charges charleston chief child
    citizen citizens city civil clear clearance cleared clerk closed code command commander commercial
    communication communications community comparison complainant complaint complaints completed compliance
    compstat conduct contact contacts corporal count courtesy crash crime crimes criminal current customer
    damage data date day days deadly death dec deceased decedent december defendant delito denuncia departamento
    department departments deputy description detail detective detectives dispatch disposition disturbance
    division domestic driver drug drugs dui dwi east edad employee encounter enero entry equipment equipo escape
    evidence exonerated external families family fatal feb febrero february female field figures finding
    findings firearm firearms first force former found fraud friday from fuerza full gang gender general group
    grupo gun hands harassment hate head hearing hispanic hombre home homicide homicides hours hurt identified
    identity in incident incidente incidents individual individuals information informe initials initiated
    injured injuries injury inspector intelligence internal interview investigation investigations investigator
    involved is jan january jul july jun june juvenile juveniles k9 killed known larceny last latino lead legal
    lesionado level lieutenant location locations major male management manslaughter mar march marital marzo
    master may mayor media medical member members mental minor misconduct misdemeanor missing monday month
    monthly more motor mujer multiple murder name names narcotics native new no none noon north not note nov
    november number oct october of off offence offences offender offenders offense offenses office officer
    officers oficial on open operation operations or other out outcome outside owner panel passenger patrol
    pedestrian pending people percent percentage performance person persona personnel persons photo physical
    place plan pm pointed police policia policy possession present previous prior private professional program
    property prosecutor public queja race rank rape reason received records reference relationship release
    report reported reporting reports residence residential resistance resisted responding response
    responsibility result results review reviewed robberies robbery robo safety sample saturday school search
    second section security seizure semana sensitive sep sept september sergeant serious service services sex
    sexual sheriff shift shooting shoplifting shots sign signature signed simple sospechoso source south special
    specialist staff standards state statement statistics status stolen stop stops street strong subject
    subjects summary sunday supervisor suspect suspects suspicious sustained synthetic table tactical taken
    taser team teams telephone testigo the theft thefts third threat thursday time times title to total traffic
    training transport trespassing tuesday type types under unfounded uniform unit units unknown use used
    vandalism vehicle vehicles vehiculo verbal victim victima victims violation violence violent warrant was
    watch weapon weapons wednesday week weekday weekend weekly weeks west white who with withdrawn witness
    witnesses year years yes yield youth
    """.split()
)
"""Words that stand behind a rank, a title or a role and name nobody."""
