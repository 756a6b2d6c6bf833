import eu.europa.esig.dss.diagnostic.DiagnosticData;
import eu.europa.esig.dss.diagnostic.PDFRevisionWrapper;
import eu.europa.esig.dss.diagnostic.SignatureWrapper;
import eu.europa.esig.dss.diagnostic.TimestampWrapper;
import eu.europa.esig.dss.diagnostic.jaxb.XmlObjectModification;
import eu.europa.esig.dss.enumerations.Indication;
import eu.europa.esig.dss.enumerations.Level;
import eu.europa.esig.dss.enumerations.ValidationLevel;
import eu.europa.esig.dss.jaxb.object.Message;
import eu.europa.esig.dss.model.DSSDocument;
import eu.europa.esig.dss.model.DSSException;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.model.policy.ValidationPolicy;
import eu.europa.esig.dss.policy.EtsiValidationPolicy;
import eu.europa.esig.dss.policy.ValidationPolicyFacade;
import eu.europa.esig.dss.policy.jaxb.BasicSignatureConstraints;
import eu.europa.esig.dss.policy.jaxb.ConstraintsParameters;
import eu.europa.esig.dss.policy.jaxb.LevelConstraint;
import eu.europa.esig.dss.simplereport.SimpleReport;
import eu.europa.esig.dss.simplereport.jaxb.XmlDetails;
import eu.europa.esig.dss.simplereport.jaxb.XmlMessage;
import eu.europa.esig.dss.simplereport.jaxb.XmlTimestamp;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.exception.IllegalInputException;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.spi.x509.revocation.crl.ExternalResourcesCRLSource;
import eu.europa.esig.dss.spi.x509.revocation.ocsp.ExternalResourcesOCSPSource;
import eu.europa.esig.dss.validation.SignedDocumentValidator;
import eu.europa.esig.dss.validation.executor.signature.DefaultSignatureProcessExecutor;
import eu.europa.esig.dss.validation.reports.Reports;
import java.io.File;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Request: policies ("default", "changes-fail", or both with a blank), validation time in epoch
 * milliseconds or nothing, file, then anchors, and "ocsp:" or "crl:" before files of evidence.
 *
 * <p>Answer: sha256, refused, and per policy signatures and timestamps. The file is looked at once; the
 * policies judge what was seen. Trust is the given anchors and nothing else; no issuer certificate, OCSP
 * answer or CRL is fetched.
 */
public final class DssRunner {
    private DssRunner() {}

    public static void main(String[] args) throws Exception {
        Judge.serve(DssRunner::judge);
    }

    private static Map<String, Object> judge(String[] words) throws Exception {
        Path file = Path.of(words[2]);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("sha256", Reply.sha256(file));
        SignedDocumentValidator validator;
        try {
            validator = SignedDocumentValidator.fromDocument(new FileDocument(file.toFile()));
        } catch (DSSException | IllegalInputException | UnsupportedOperationException refused) {
            return refused(answer, refused);
        }
        validator.setCertificateVerifier(verifier(List.of(words).subList(3, words.length)));
        Date time = words[1].isEmpty() ? new Date() : new Date(Long.parseLong(words[1]));
        validator.setValidationTime(time);
        String[] policies = words[0].split(" ");
        Map<String, Object> answers = new LinkedHashMap<>();
        try {
            Reports reports = validator.validateDocument(policy(policies[0]));
            answers.put(policies[0], told(reports));
            for (String name : List.of(policies).subList(1, policies.length)) {
                answers.put(name, told(judgedAgain(reports, policy(name), time)));
            }
        } catch (DSSException | IllegalInputException refused) {
            return refused(answer, refused);
        }
        answer.put("refused", null);
        answer.put("policies", answers);
        return answer;
    }

    /** Judge what was seen in a file under another policy. */
    private static Reports judgedAgain(Reports reports, ValidationPolicy policy, Date time) {
        DefaultSignatureProcessExecutor executor = new DefaultSignatureProcessExecutor();
        executor.setDiagnosticData(reports.getDiagnosticDataJaxb());
        executor.setValidationPolicy(policy);
        executor.setCurrentTime(time);
        executor.setValidationLevel(ValidationLevel.ARCHIVAL_DATA);
        return executor.execute();
    }

    private static Map<String, Object> told(Reports reports) {
        SimpleReport simple = reports.getSimpleReport();
        DiagnosticData diagnostic = reports.getDiagnosticData();
        List<Object> signatures = new ArrayList<>();
        Map<String, Object> timestamps = new LinkedHashMap<>();
        for (String id : simple.getSignatureIdList()) {
            signatures.add(signature(simple, diagnostic.getSignatureById(id)));
            for (XmlTimestamp timestamp : simple.getSignatureTimestamps(id)) {
                timestamps.putIfAbsent(timestamp.getId(), timestamp(timestamp, diagnostic, id));
            }
        }
        Set<String> detached = new HashSet<>(simple.getTimestampIdList());
        simple.getJaxbModel().getSignatureOrTimestampOrEvidenceRecord().stream()
                .filter(token -> token instanceof XmlTimestamp && detached.contains(token.getId()))
                .forEach(
                        token ->
                                timestamps.putIfAbsent(
                                        token.getId(),
                                        timestamp((XmlTimestamp) token, diagnostic, null)));
        return Map.of("signatures", signatures, "timestamps", new ArrayList<>(timestamps.values()));
    }

    private static Map<String, Object> refused(Map<String, Object> answer, Exception reason) {
        answer.put("refused", reason.toString());
        answer.put("policies", Map.of());
        return answer;
    }

    private static CommonCertificateVerifier verifier(List<String> material) {
        CommonTrustedCertificateSource trusted = new CommonTrustedCertificateSource();
        List<DSSDocument> ocsps = new ArrayList<>();
        List<DSSDocument> crls = new ArrayList<>();
        for (String word : material) {
            if (word.startsWith("ocsp:")) {
                ocsps.add(new FileDocument(word.substring(5)));
            } else if (word.startsWith("crl:")) {
                crls.add(new FileDocument(word.substring(4)));
            } else {
                trusted.addCertificate(DSSUtils.loadCertificate(new File(word)));
            }
        }
        CommonCertificateVerifier verifier = new CommonCertificateVerifier();
        verifier.setTrustedCertSources(trusted);
        verifier.setAIASource(null);
        verifier.setOcspSource(
                ocsps.isEmpty()
                        ? null
                        : new ExternalResourcesOCSPSource(ocsps.toArray(new DSSDocument[0])));
        verifier.setCrlSource(
                crls.isEmpty()
                        ? null
                        : new ExternalResourcesCRLSource(crls.toArray(new DSSDocument[0])));
        return verifier;
    }

    /** The default policy; under "changes-fail" its warnings about changes after signing are failures. */
    private static ValidationPolicy policy(String name) throws Exception {
        ConstraintsParameters parameters;
        try (InputStream in = DssRunner.class.getResourceAsStream("/policy/constraint.xml")) {
            parameters = ValidationPolicyFacade.newFacade().unmarshall(in);
        }
        if (name.equals("changes-fail")) {
            failOnChanges(parameters.getSignatureConstraints().getBasicSignatureConstraints());
            failOnChanges(parameters.getTimestamp().getBasicSignatureConstraints());
        } else if (!name.equals("default")) {
            throw new IllegalArgumentException("unknown policy " + name);
        }
        return new EtsiValidationPolicy(parameters);
    }

    /** PdfAnnotationOverlap stays a warning: a seal is drawn over a part of the signature on purpose. */
    private static void failOnChanges(BasicSignatureConstraints constraints) {
        LevelConstraint fail = new LevelConstraint();
        fail.setLevel(Level.FAIL);
        constraints.setByteRangeCollision(fail);
        constraints.setPdfPageDifference(fail);
        constraints.setPdfVisualDifference(fail);
        constraints.setDocMDP(fail);
        constraints.setFieldMDP(fail);
        constraints.setSigFieldLock(fail);
        constraints.setAnnotationChanges(fail);
        constraints.setUndefinedChanges(fail);
    }

    private static Map<String, Object> signature(SimpleReport simple, SignatureWrapper wrapper) {
        String id = wrapper.getId();
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("id", id);
        facts.put("fields", fields(wrapper.getPDFRevision()));
        facts.put("indication", word(simple.getIndication(id)));
        facts.put("sub_indication", simple.getSubIndication(id));
        facts.put("level", simple.getSignatureFormat(id));
        facts.put("errors", texts(simple.getAdESValidationErrors(id)));
        facts.put("warnings", texts(simple.getAdESValidationWarnings(id)));
        facts.put("infos", texts(simple.getAdESValidationInfo(id)));
        facts.put("signing_time", simple.getSigningTime(id));
        facts.put("best_signature_time", simple.getBestSignatureTime(id));
        facts.put("changes", changes(wrapper.getPDFRevision()));
        return facts;
    }

    private static Map<String, Object> timestamp(
            XmlTimestamp timestamp, DiagnosticData diagnostic, String signature) {
        TimestampWrapper wrapper = diagnostic.getTimestampById(timestamp.getId());
        XmlDetails details = timestamp.getAdESValidationDetails();
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("id", timestamp.getId());
        facts.put("type", wrapper.getType());
        facts.put("signature", signature);
        facts.put("fields", fields(wrapper.getPDFRevision()));
        facts.put("indication", word(timestamp.getIndication()));
        facts.put("sub_indication", timestamp.getSubIndication());
        facts.put("errors", details == null ? List.of() : messages(details.getError()));
        facts.put("warnings", details == null ? List.of() : messages(details.getWarning()));
        facts.put("infos", details == null ? List.of() : messages(details.getInfo()));
        facts.put("time", timestamp.getProductionTime());
        facts.put("changes", changes(wrapper.getPDFRevision()));
        return facts;
    }

    /** Spell an indication as EN 319 102-1 does: TOTAL-PASSED. */
    private static String word(Indication indication) {
        return indication.name().replace('_', '-');
    }

    private static List<String> fields(PDFRevisionWrapper revision) {
        return revision == null ? List.of() : revision.getSignatureFieldNames();
    }

    /** What DSS saw change after the revision, by its own four families. */
    private static List<String> changes(PDFRevisionWrapper revision) {
        List<String> seen = new ArrayList<>();
        if (revision != null) {
            describe("extension", revision.getPdfExtensionChanges(), seen);
            describe("form-fill", revision.getPdfSignatureOrFormFillChanges(), seen);
            describe("annotation", revision.getPdfAnnotationChanges(), seen);
            describe("undefined", revision.getPdfUndefinedChanges(), seen);
        }
        return seen;
    }

    private static void describe(
            String family, List<XmlObjectModification> changes, List<String> seen) {
        for (XmlObjectModification change : changes) {
            seen.add(family + ": " + change.getAction() + " " + change.getValue());
        }
    }

    private static List<String> texts(List<Message> messages) {
        return messages.stream().map(m -> m.getKey() + ": " + m.getValue()).toList();
    }

    private static List<String> messages(List<XmlMessage> messages) {
        return messages.stream().map(m -> m.getKey() + ": " + m.getValue()).toList();
    }
}
