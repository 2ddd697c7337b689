package typography

import "testing"

func TestAmerican(t *testing.T) {
	for british, want := range map[string]string{
		"organisation": "organization", "Organisations": "Organizations", "reorganised": "reorganized", "recognise": "recognize", "realising": "realizing",
		"labour": "labor", "Labour": "Labour", "honourable": "honorable", "dishonoured": "dishonored", "Neighbourhood": "Neighborhood", "favourite": "favorite",
		"colourful": "colorful", "centre": "center", "epicentre": "epicenter", "kilometres": "kilometers", "theatre": "theater", "Defence": "Defense",
		"programmes": "programs", "programmed": "programmed", "travelling": "traveling", "modelled": "modeled", "controlled": "controlled", "called": "called",
		"analysed": "analyzed", "analyses": "analyses", "towards": "toward", "fulfil": "fulfill", "prioritise": "prioritize", "emphasised": "emphasized",
		"authorised": "authorized", "sympathise": "sympathize", "standardisation": "standardization", "philosophise": "philosophize",
		"exercise": "exercise", "exercised": "exercised", "promise": "promise", "compromised": "compromised", "advise": "advise", "raised": "raised",
		"surprise": "surprise", "arise": "arise", "arising": "arising", "treatise": "treatise", "expertise": "expertise", "supervise": "supervise",
		"concise": "concise", "precise": "precise", "rise": "rise", "Paris": "Paris", "crisis": "crisis", "our": "our", "hour": "hour", "four": "four",
		"tourism": "tourism", "journalist": "journalist", "source": "source", "court": "court", "enterprise": "enterprise", "otherwise": "otherwise",
		"genre": "genre", "Enquiry": "Inquiry", "Louvre": "Louvre", "Élysée": "Élysée", "advertised": "advertised", "franchise": "franchise", "improvisation": "improvisation",
	} {
		if got := American(british); got != want {
			t.Errorf("%s gave %s, want %s", british, got, want)
		}
	}
}
