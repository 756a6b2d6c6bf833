import com.itextpdf.forms.fields.PdfFormCreator;
import com.itextpdf.forms.fields.TextFormFieldBuilder;
import com.itextpdf.forms.form.element.SignatureFieldAppearance;
import com.itextpdf.kernel.geom.PageSize;
import com.itextpdf.kernel.geom.Rectangle;
import com.itextpdf.kernel.pdf.PdfDocument;
import com.itextpdf.kernel.pdf.PdfReader;
import com.itextpdf.kernel.pdf.PdfString;
import com.itextpdf.kernel.pdf.PdfWriter;
import com.itextpdf.kernel.pdf.StampingProperties;
import com.itextpdf.kernel.pdf.WriterProperties;
import com.itextpdf.layout.Document;
import com.itextpdf.layout.element.Paragraph;
import com.itextpdf.signatures.AccessPermissions;
import com.itextpdf.signatures.BouncyCastleDigest;
import com.itextpdf.signatures.PdfSigner;
import com.itextpdf.signatures.PrivateKeySignature;
import com.itextpdf.signatures.SignerProperties;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** iText Core as its manual shows it. A program of these tests alone: its licence is the AGPL. */
final class ITextProgram implements Program {
    @Override
    public void create(String kind, Path out) throws Exception {
        WriterProperties properties = new WriterProperties().setFullCompressionMode(kind.equals("packed"));
        try (PdfDocument document = new PdfDocument(new PdfWriter(out.toString(), properties))) {
            if (kind.equals("tagged")) {
                document.setTagged();
                document.getCatalog().setLang(new PdfString("vi"));
            }
            try (Document layout = new Document(document, PageSize.A4)) {
                layout.add(new Paragraph(TEXT));
                if (kind.equals("form")) {
                    PdfFormCreator.getAcroForm(document, true)
                            .addField(
                                    new TextFormFieldBuilder(document, "Amount")
                                            .setWidgetRectangle(new Rectangle(72, 480, 180, 20))
                                            .createText()
                                            .setValue("1.000.000"));
                }
            }
        }
    }

    @Override
    public void sign(Order order, Path out) throws Exception {
        SignerProperties properties = new SignerProperties().setFieldName(order.field());
        if (order.visible()) {
            float[] r = order.rectangle();
            properties
                    .setPageNumber(1)
                    .setPageRect(new Rectangle(r[0], r[1], order.width(), order.height()))
                    .setSignatureAppearance(
                            new SignatureFieldAppearance(SignerProperties.IGNORED_ID)
                                    .setContent("Signed in " + order.field()));
        }
        if (order.permission() == 2) {
            properties.setCertificationLevel(AccessPermissions.FORM_FIELDS_MODIFICATION);
        } else if (order.permission() != 0) {
            throw new IllegalArgumentException("not asked for so far");
        }
        try (PdfReader reader = new PdfReader(order.in().toString());
                OutputStream written = Files.newOutputStream(out)) {
            PdfSigner signer = new PdfSigner(reader, written, new StampingProperties().useAppendMode());
            signer.setSignerProperties(properties);
            signer.signDetached(
                    new BouncyCastleDigest(),
                    new PrivateKeySignature(order.key(), "SHA-256", "BC"),
                    order.chain(),
                    null,
                    null,
                    null,
                    0,
                    PdfSigner.CryptoStandard.CADES);
        }
    }
}
