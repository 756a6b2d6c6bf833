import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.verapdf.core.EncryptedPdfException;
import org.verapdf.core.ModelParsingException;
import org.verapdf.core.ValidationException;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** Request: flavour ("3b"), file. Answer: sha256, passed, failures ("clause-test: what"). */
public final class VeraRunner {
    private VeraRunner() {}

    public static void main(String[] args) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        Judge.serve(VeraRunner::judge);
    }

    private static Map<String, Object> judge(String[] words) throws Exception {
        PDFAFlavour flavour = PDFAFlavour.fromString(words[0]);
        if (flavour == PDFAFlavour.NO_FLAVOUR) {
            throw new IllegalArgumentException("unknown flavour " + words[0]);
        }
        Path file = Path.of(words[1]);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("sha256", Reply.sha256(file));
        try (PDFAParser parser = Foundries.defaultInstance().createParser(file.toFile(), flavour);
                PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, false)) {
            ValidationResult result = validator.validate(parser);
            List<String> failures =
                    result.getTestAssertions().stream()
                            .filter(a -> a.getStatus() == TestAssertion.Status.FAILED)
                            .map(VeraRunner::describe)
                            .distinct()
                            .toList();
            answer.put("passed", result.isCompliant());
            answer.put("failures", failures);
        } catch (ModelParsingException
                | EncryptedPdfException
                | ValidationException
                | RuntimeException
                | StackOverflowError unreadable) { // what veraPDF throws on broken and hostile files
            answer.put("passed", false);
            answer.put("failures", List.of("unreadable: " + unreadable));
        }
        return answer;
    }

    private static String describe(TestAssertion assertion) {
        String reason = assertion.getErrorMessage();
        return assertion.getRuleId().getClause()
                + "-"
                + assertion.getRuleId().getTestNumber()
                + ": "
                + (reason == null ? assertion.getMessage() : reason);
    }
}
